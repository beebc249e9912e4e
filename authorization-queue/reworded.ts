import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import type { Effects } from '../core/kernel/pipeline/effects.ts';
import type { Verdict } from '../core/kernel/pipeline/gate.ts';
import { findRow } from '../core/kernel/records/record-queries.ts';
import { findAllowedFor } from './reworded-queries.ts';

/** The rule by which other words in place of allowed ones wait; no grant lifts it. */
export const rewordedRule = 'reworded';

/**
 * Why an agent does not write other words into what a person has read and allowed: what goes out when its time has come is
 * what was allowed. Words that nobody had to allow it may change.
 */
export async function checkReworded(
  context: ReadContext,
  call: string,
  { reworded }: Pick<Effects, 'reworded'>,
): Promise<Verdict | undefined> {
  if (reworded.length === 0) return undefined;
  const rows = [];
  for (const { record: name, id } of reworded) {
    const record = context.registry.records.get(name);
    const row = record && (await findRow(context, record, id));
    rows.push({ id, reference: typeof row?.reference === 'string' ? row.reference : null });
  }
  const allowed = await findAllowedFor(context, rows);
  return (
    allowed && {
      action: call,
      rule: rewordedRule,
      reason: `it would change words that were allowed with ${allowed.reference}`,
    }
  );
}
