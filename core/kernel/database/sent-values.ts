/** What may stand in a statement: everything else is a defect of ours. */
export type Sent = string | Buffer | null;

/**
 * A value as PostgreSQL reads it: text, bytes as they are, lists as array literals, everything else that is an object as JSON.
 */
export function asSent(value: unknown): Sent {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const arrayLiteral = (items: readonly unknown[]): string => `{${items.map(itemOf).join(',')}}`;

function itemOf(item: unknown): string {
  if (Array.isArray(item)) return arrayLiteral(item);
  const sent = asSent(item);
  if (sent === null) return 'NULL';
  const text = typeof sent === 'string' ? sent : `\\x${sent.toString('hex')}`;
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`;
}
