import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { DeskhandError } from '../words/errors.ts';
import { fold } from '../words/fold.ts';
import { quoteStart } from '../words/quote.ts';
import { anywhere } from './candidates.ts';
import type { RecordSpec } from './record.ts';

/** Of more than these of one name nobody can be meant by it. */
const mostOfName = 5000;

/** The words of a name or of what was said, to be compared: `O’Brien’s` is `o` and `brien`. */
export const wordsOf = (text: string): string[] =>
  fold(text.replace(/['’]s?(?=$|[^\p{L}\p{N}])/gu, ' '))
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '');

/** How many of the words are words of a name. */
export function countWords(name: string, words: readonly string[]): number {
  const known = new Set(wordsOf(name));
  return words.filter(word => known.has(word)).length;
}

const named = z.object({ id: z.string(), name: z.string() });

/**
 * All who are called so, by id: every word is a word of their name, as it stands there. Neither notes nor streets, nor what
 * resembles a name, say whom a change is about. With `any`, those who are called by some of the words. Whoever sees some
 * rows alone finds nobody but `among` them. Throws AMBIGUOUS for a name that thousands have.
 */
export async function ownersNamed(
  context: ReadContext,
  record: RecordSpec,
  text: string,
  { among, any = false }: { among?: readonly string[] | undefined; any?: boolean } = {},
): Promise<Map<string, string>> {
  const words = wordsOf(text);
  if (words.length === 0) return new Map();
  const name = nameIn(record);
  // The database does not know that Núñez is Nunez: whoever is written with more than plain letters is compared here.
  const holds = words.map(word => sql`${name} ilike ${anywhere(word)}`);
  const found = await context.tx.many(
    named,
    sql`
    select o.id, ${name} as name
    from ${identifier(record.table)} as o
    where o.organization_id = ${context.organization.id}::uuid
      ${record.soft_deletes ? raw('and o.deleted_at is null') : raw('')}
      ${among ? sql`and o.id = any (${[...among]}::uuid[])` : raw('')}
      and (octet_length(${name}) <> length(${name}) or ${join(holds, any ? ' or ' : ' and ')})
    order by o.id`,
  );
  const counted = found.map(each => ({ ...each, count: countWords(each.name, words) }));
  const best = any ? Math.max(1, ...counted.map(({ count }) => count)) : words.length;
  const meant = counted.filter(({ count }) => count === best);
  if (meant.length > mostOfName) {
    throw new DeskhandError('AMBIGUOUS', `${quoteStart(text, 200)} is what too many are called.`, {
      got: text,
      hint: 'Say the whole name, or use a reference.',
    });
  }
  return new Map(meant.map(({ id, name: label }) => [id, label]));
}

/** The name a row goes by, or the names. */
function nameIn({ fields }: RecordSpec): Sql {
  const all = Object.entries(fields);
  const label = all.filter(([, field]) => field.label);
  const names = label.length > 0 ? label : all.filter(([, field]) => field.search === 'names');
  return sql`concat_ws(' ', ${join(
    names.map(([column]) => sql`o.${identifier(column)}`),
    ', ',
  )})`;
}
