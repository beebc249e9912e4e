/** A change of the audit trail, `{old, new}`; a missing half reads as null. */
export function bothOf(value: unknown): { from: unknown; to: unknown } {
  if (typeof value !== 'object' || value === null) return { from: null, to: value };
  return { from: 'old' in value ? value.old : null, to: 'new' in value ? value.new : null };
}
