import { identifier, join, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { anywhere, listCandidates } from './candidates.ts';
import type { FindByName, RecordSpec } from './record.ts';

// How rows go by their name where the record says no more about it than which of its fields that is.

/** The column by which people call a row, where it is found by that, too. */
export const nameColumn = ({ fields }: Pick<RecordSpec, 'fields'>): string | undefined =>
  Object.entries(fields).find(
    ([, { label, search, column }]) => label && column === 'text' && [search].flat().includes('names'),
  )?.[0];

/** Living rows whose name holds each word of what was said, in any order: `big van`, `van big`. */
export function listByLabel(
  context: ReadContext,
  record: RecordSpec,
  { name, text, among }: Said,
): ReturnType<FindByName> {
  const column = identifier(name);
  // Beyond twelve words nobody reads on.
  const words = text.trim().split(/\s+/).slice(0, 12);
  return listCandidates(context, record, {
    where: join(
      words.map(word => sql`${column} ilike ${anywhere(word)}`),
      ' and ',
    ),
    order: sql`similarity(${column}, ${text}) desc`,
    among,
  });
}

/** Those called alike, to choose from. */
export function listAlike(
  context: ReadContext,
  record: RecordSpec,
  { name, text, among }: Said,
): ReturnType<FindByName> {
  const likeness = sql`word_similarity(${text}, ${identifier(name)})`;
  return listCandidates(context, record, {
    where: sql`${likeness} > 0.3`,
    order: sql`${likeness} desc`,
    among,
  });
}

interface Said {
  /** The column of the name. */
  name: string;
  text: string;
  among?: readonly string[] | undefined;
}
