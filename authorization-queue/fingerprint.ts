import { z } from 'zod';
import { canonicalJson } from '../core/kernel/idempotency.ts';

const change = z.looseObject({
  entity_type: z.string(),
  entity_id: z.string(),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
const seen = z.looseObject({
  changes: z.array(change),
  outgoing: z.array(z.object({ kind: z.string(), payload: z.unknown() })),
});

// New with every run and of no meaning: the moment, the number, the id.
const volatile = (field: string) =>
  field === 'id' ||
  field === 'reference' ||
  field === 'version' ||
  /^(created|updated|deleted|cancelled)_at$/.test(field);

/**
 * What a preview says will happen, alike for two runs that would do the same: ids of rows that come into being are
 * counted through, moments and numbers left out. Two that differ must not pass for each other.
 */
export function fingerprintOf(preview: unknown): string {
  const { changes, outgoing } = seen.parse(preview);
  const made = changes.filter(entry => entry.action === 'create').map(entry => entry.entity_id);
  const references = changes.flatMap(entry => newReference(entry.changes));
  const plain = canonicalJson([
    changes.map(({ entity_type, entity_id, action, changes: fields }) => [
      entity_type,
      entity_id,
      action,
      Object.fromEntries(Object.entries(fields).filter(([name]) => !volatile(name))),
    ]),
    outgoing,
  ]);
  return [...made, ...references].reduce((text, id, index) => text.replaceAll(id, `new ${index + 1}`), plain);
}

/** The number a new row got: it may stand in the text of a mail. */
function newReference(fields: Record<string, unknown>): string[] {
  const value = z.object({ reference: z.object({ old: z.null(), new: z.string() }) }).safeParse(fields);
  return value.success ? [value.data.reference.new] : [];
}
