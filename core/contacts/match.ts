import { distance } from 'fastest-levenshtein';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { candidatesOf } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { searchDocuments } from '../kernel/search/index-documents.ts';
import { fold } from '../kernel/words/fold.ts';
import { contactRecord } from './contact.ts';
import { type KnownContact, listByKeys, lockKeys } from './match-queries.ts';

export { type KeyHolder, listKeyHolders } from './match-queries.ts';
export { insertKeys } from './queries.ts';
export type { KnownContact };

/** The ways somebody can be reached, as they are kept: an e-mail address in small letters, a number in E.164. */
export interface Reach {
  email?: string | null | undefined;
  phone?: string | null | undefined;
}

const keysOf = ({ email, phone }: Reach): string[] => [
  ...(email ? [`email:${email}`] : []),
  ...(phone ? [`phone:${phone}`] : []),
];

/** The living customers who are reached in one of these ways (LED-16), oldest first, at most six. */
export async function findKnown(context: ReadContext, reach: Reach): Promise<KnownContact[]> {
  const keys = keysOf(reach);
  return keys.length === 0 ? [] : listByKeys(context, keys);
}

/** As `findKnown`, for whoever adds a customer when there is none: two at once who do so wait for each other. */
export async function findKnownToAdd(context: ReadContext, reach: Reach): Promise<KnownContact[]> {
  await lockKeys(context, keysOf(reach));
  return findKnown(context, reach);
}

/** Customers whose name is near to one that somebody heard (LED-18), best first, at most three. */
export async function findSimilarNames(context: ReadContext, name: string): Promise<Candidate[]> {
  const surname = wordsOf(name).at(-1);
  if (surname === undefined) return [];
  const hits = await searchDocuments(context, { kinds: ['contact'], query: name, most: 10 });
  // A search also finds who is only spoken of in a note.
  const near = hits.filter(hit => wordsOf(hit.title).some(word => isNear(word, surname)));
  return candidatesOf(
    context,
    contactRecord,
    near.slice(0, 3).map(hit => hit.record_id),
  );
}

const wordsOf = (name: string): string[] => fold(name).match(/\p{L}{2,}/gu) ?? [];

const isNear = (a: string, b: string) => distance(a, b) <= (Math.min(a.length, b.length) >= 5 ? 2 : 1);
