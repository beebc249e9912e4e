import type { ReadContext } from '../kernel/pipeline/context.ts';
import {
  cut,
  type Found,
  findDocuments,
  mostCounted,
  type SearchHit,
} from '../kernel/search/find-documents.ts';
import type { Wanted } from '../kernel/search/query.ts';
import { scoreSpelt } from './queries.ts';
import { spellingsOf } from './synonyms.ts';

type Asked = Omit<Parameters<typeof findDocuments>[1], 'query'> & { query: Wanted };

/** What is typed may be spelt in so many ways at once; of a longer query the first of its short words count. */
const mostSpellings = 8;

/**
 * Finds records by words, where a short form is as good as the long one: whoever types "Road" means a "Rd" no less (SRC-03).
 * `findDocuments` puts what has the very word above what has another form of it, which is right for nicknames and wrong for
 * these; so each record has the score of the spelling that fits it best.
 */
export async function findSpelt(context: ReadContext, asked: Asked): Promise<Found> {
  const others = spellings(asked.query.terms);
  if (others.length === 0) return findDocuments(context, asked);
  const { most, everything } = asked;
  const wish = { most: Math.max(most, mostCounted), everything };
  const found = await findDocuments(context, { ...asked, ...wish });
  if (found.hits.length < 2 || !found.hits.some(isByMeaning)) return cut(found, asked);
  // One statement for all spellings, of the records that were found: each is a few numbers to compute and no search.
  const byMeaning = found.hits.filter(isByMeaning).map(({ record_id }) => record_id);
  const spelt = await scoreSpelt(context, asked.kinds, others, byMeaning);
  const scores = new Map(spelt.map(scored => [keyOf(scored), scored.score]));
  const hits = found.hits
    .map(hit => ({ ...hit, score: Math.max(hit.score, scores.get(keyOf(hit)) ?? 0) }))
    .sort((a, b) => b.score - a.score);
  return cut({ ...found, hits }, asked);
}

/** Whether it has other forms of the words: what has the very words scores three and more, what resembles them less than two. */
const isByMeaning = ({ score }: SearchHit): boolean => score >= 2 && score < 3;

const keyOf = ({ kind, record_id }: Pick<SearchHit, 'kind' | 'record_id'>) => `${kind} ${record_id}`;

/** Whether a word of these is spelt in other ways that are as good. */
export const hasSpellings = (terms: Wanted['terms']): boolean => spellings(terms).length > 0;

/** The same words in each other spelling; none when there is but one word, which many have. */
function spellings(terms: Wanted['terms']): Wanted['terms'][] {
  if (terms.length < 2) return [];
  let all: Wanted['terms'][] = [terms];
  for (const [place, forms] of terms.entries()) {
    const spelt = spellingsOf(forms[0] ?? '').flatMap(form =>
      all.map(words => words.with(place, [form, ...forms.filter(other => other !== form)])),
    );
    if (all.length + spelt.length <= mostSpellings) all = [...all, ...spelt];
  }
  return all.slice(1);
}
