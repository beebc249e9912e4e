import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { SearchHit } from '../kernel/search/find-documents.ts';
import { fold } from '../kernel/words/fold.ts';
import { listPreferred } from './prefer-queries.ts';

// Of several customers whom words fit alike, the one that is called so and has visits is mostly meant. All of it together
// stays below one, which is what a better fit of the words is worth.
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
  const typed = new Set(fold(query).match(/[\p{L}\p{N}]+/gu) ?? []);
  const since = context.now.subtract({ hours: recent_days * 24 }).epochMilliseconds;
  const known = await listPreferred(
    context,
    hits.map(({ record_id }) => record_id),
  );
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
    .map(hit => ({ ...hit, score: hit.score + (bonus.get(hit.record_id) ?? 0) }))
    .sort((a, b) => b.score - a.score);
}
