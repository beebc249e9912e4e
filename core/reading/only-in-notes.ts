import type { ReadContext } from '../kernel/pipeline/context.ts';
import { mostOfAll } from '../kernel/search/find-documents.ts';
import { totalOf } from '../kernel/search/pages.ts';
import { type Wanted, wordsOf } from '../kernel/search/query.ts';
import { plainText, wantedOf } from '../search/words.ts';
import { type CustomerQuery, readFact, searchCustomers } from './search-customers.ts';
import { type FactFilter, listNoting, listWithFact, type Mention } from './visited-queries.ts';

/**
 * Customers of whom notes say what was asked for as a fact, while no fact says so: newest first. What a note says is no
 * fact ("no dog"), so they are told apart from those of whom it is known. The same words, services and periods besides.
 */
export async function findOnlyInNotes(
  context: ReadContext,
  { attribute, ...others }: CustomerQuery,
): Promise<Mention[]> {
  const fact = await readFact(context, attribute);
  if (!fact) return [];
  const said = saidOf(fact);
  const mentions = said.length === 0 ? [] : await listNoting(context, said);
  if (mentions.length === 0) return [];
  const known = new Set(
    await listWithFact(
      context,
      mentions.map(({ contact_id }) => contact_id),
      fact,
    ),
  );
  const left = mentions.filter(({ contact_id }) => !known.has(contact_id));
  if (Object.values(others).every(value => value === undefined)) return left;
  const { hits } = await searchCustomers(context, others, { most: mostOfAll, everything: true });
  const meant = new Set(hits.map(({ record_id }) => record_id));
  return left.filter(({ contact_id }) => meant.has(contact_id));
}

/** Says of a list of those of whom a fact is known how many more only notes speak of. */
export async function tellOnlyInNotes(
  context: ReadContext,
  { attribute }: Record<string, unknown>,
): Promise<void> {
  if (typeof attribute !== 'string') return;
  const { length } = await findOnlyInNotes(context, { attribute });
  if (length > 0) context.warn(`${moreInNotes(length)}: find_customer with attribute and in_notes: true.`);
}

/** `53 more mention it only in notes` */
export const moreInNotes = (count: number): string =>
  `${totalOf(count)} more ${count === 1 ? 'mentions' : 'mention'} it only in notes`;

/** How a note would say it: `pet=cat` as "cat", `has_pool=yes` as "pool". */
function saidOf({ key = '', words }: FactFilter): Wanted['terms'] {
  const value = plainText(words.replaceAll('_', ' '));
  const isTelling = /\p{L}{2,}|\d{3,}/u.test(value) && !/^(yes|no|true|false)$/.test(value);
  const said = isTelling ? value : plainText(key.replaceAll('_', ' ').replace(/^(has|is|property) /, ''));
  return wantedOf(wordsOf(said), false).terms;
}
