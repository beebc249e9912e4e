import type { ReadContext } from '../kernel/pipeline/context.ts';
import { type Found, inTime, type SearchHit } from '../kernel/search/find-documents.ts';
import type { Wanted } from '../kernel/search/query.ts';
import { fold } from '../kernel/words/fold.ts';
import { findPreferred, type Known, listPreferred } from './prefer-queries.ts';

// Of several customers whom words fit alike, the one that is called so and has visits is mostly meant. All of it together
// stays below one, which is what a better fit of the words is worth. search_preferred_customers knows these numbers as well, twice
// (test/contracts/preferred-numbers.test.ts holds all to the same).
const isCalledSo = 0.3;
const hasVisits = 0.2;
const wasRecent = 0.1;

const recent_days = 400;

/** Customers that were found, those first who are called exactly so, have visits, and had one lately. One statement. */
export async function preferKnown(
  context: ReadContext,
  hits: readonly SearchHit[],
  query: string,
): Promise<SearchHit[]> {
  if (hits.length < 2) return [...hits];
  const known = await listPreferred(
    context,
    hits.map(({ record_id }) => record_id),
  );
  return ordered(context, hits, known, query);
}

/**
 * Customers by plain words, those first who are preferred, found and put in order in one statement: the same as a search and
 * `preferKnown`, without the many who were found and are not shown.
 */
export async function findKnown(
  context: ReadContext,
  { terms, query, most }: { terms: Wanted['terms']; query: string; most: number },
): Promise<Found> {
  if (terms.length === 0) return { hits: [], counts: new Map() };
  const rows = await inTime(context, terms.length, () =>
    findPreferred(context, {
      terms: terms.map(forms => forms.join('|')),
      typed: [...typedIn(query)],
      recent: new Date(recently(context)).toISOString(),
      most,
    }),
  );
  const hits = rows.map(({ id, reference, title, detail, score }) => ({
    kind: 'contact',
    record_id: id,
    reference,
    title,
    detail,
    about: null,
    score,
  }));
  return {
    hits: ordered(context, hits, rows, query).slice(0, most),
    counts: new Map([['contact', rows[0]?.total ?? 0]]),
  };
}

const typedIn = (query: string): ReadonlySet<string> => new Set(fold(query).match(/[\p{L}\p{N}]+/gu) ?? []);

/** Since when a visit was lately, in milliseconds: on no wall clock, so no calendar is asked. */
const recently = ({ now }: ReadContext) => now.epochMilliseconds - recent_days * 86_400_000;

function ordered(
  context: ReadContext,
  hits: readonly SearchHit[],
  known: readonly Known[],
  query: string,
): SearchHit[] {
  const typed = typedIn(query);
  const since = recently(context);
  const bonus = new Map(
    known.map(({ id, first_name, last_name, full_name, last_visit }) => {
      const words = fold(full_name).split(/\s+/);
      const names = [words[0], words.at(-1), fold(first_name ?? ''), fold(last_name ?? '')];
      const called = names.some(name => name !== undefined && typed.has(name)) ? isCalledSo : 0;
      const visits = last_visit === null ? 0 : hasVisits;
      const lately = last_visit !== null && Date.parse(last_visit) >= since ? wasRecent : 0;
      return [id, called + visits + lately] as const;
    }),
  );
  return hits
    .map(hit => withScore(hit, hit.score + (bonus.get(hit.record_id) ?? 0)))
    .sort((a, b) => b.score - a.score);
}

const withScore = (
  { kind, record_id, reference, title, detail, about }: SearchHit,
  score: number,
): SearchHit => ({
  kind,
  record_id,
  reference,
  title,
  detail,
  about,
  score,
});
