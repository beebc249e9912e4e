import { type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { yearOf } from './numbering.ts';
import type { RecordSpec } from './record.ts';
import { listByIds } from './record-queries.ts';
import { referencesSaid } from './reference.ts';

// How rows go by their number alone, as owners say it: `invoice 17` is INV-2026-017, or the one of the year before.

/** The condition on the rows, called `r`, whose number the words are; none when they are no number. */
export function byNumber(context: ReadContext, record: RecordSpec, words: string): Sql[] {
  const { reference, name, plural, noun, nouns } = record;
  if (!reference) return [];
  const said = referencesSaid(reference, words, {
    nouns: [name, plural, noun, nouns],
    year: yearOf(context),
  });
  return said.length === 0 ? [] : [sql`r.reference = any (${said}::text[])`];
}

interface Found {
  found: readonly { owner: string | null }[];
  /** What owners are called, by their ids. */
  names: Map<string, string>;
}

/** Adds what the owners are called whom nobody named: two bills of a number are told apart by whose they are. */
export async function callOwners(
  context: ReadContext,
  { record, columns }: { record: RecordSpec; columns: readonly string[] },
  { found, names }: Found,
): Promise<void> {
  const ids = found.flatMap(({ owner }) => (owner === null || names.has(owner) ? [] : [owner]));
  for (const column of ids.length === 0 ? [] : columns) {
    const owner = context.registry.records.get(record.fields[column]?.to?.record ?? '');
    for (const row of owner ? await listByIds(context, owner, ids) : [])
      names.set(row.id, owner?.label(row) ?? '');
  }
}
