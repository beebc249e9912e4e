import { type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { yearOf } from './numbering.ts';
import type { RecordSpec } from './record.ts';
import { listByIds } from './record-queries.ts';
import { nounOfNumber, referencesSaid } from './reference.ts';

// How rows go by their number alone, as owners say it: `invoice 17` is INV-2026-017, or the one of the year before.

/** The condition on the rows, called `r`, whose number the words are; none when they are no number. */
export function byNumber(context: ReadContext, record: RecordSpec, words: string): Sql[] {
  const { reference, plural, nouns } = record;
  if (!reference) return [];
  const said = referencesSaid(reference, words, {
    nouns: [...calledAs(record), plural, nouns],
    year: yearOf(context),
  });
  return said.length === 0 ? [] : [sql`r.reference = any (${said}::text[])`];
}

/** What one of them is called. */
const calledAs = ({ name, noun, also_called = [] }: RecordSpec): string[] => [name, noun, ...also_called];

/**
 * The references a search may mean that is what one of some records is called, and a number: `invoice 17`, `INV-17`. None for
 * every other search, at once: several are asked about by their days ("visits 2025"), and letters that are a word of the
 * language are none of a reference here ("in 2025").
 */
export function referencesSought(
  context: ReadContext,
  records: readonly RecordSpec[],
  search: string,
): string[] {
  const noun = nounOfNumber(search);
  if (noun === undefined || noun.length < 3) return [];
  return records.flatMap(record =>
    record.reference
      ? referencesSaid(record.reference, search, { nouns: calledAs(record), year: yearOf(context) })
      : [],
  );
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
