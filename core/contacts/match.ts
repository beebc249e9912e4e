import { distance } from 'fastest-levenshtein';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { candidatesOf } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { searchDocuments } from '../kernel/search/find-documents.ts';
import { fold } from '../kernel/words/fold.ts';
import { contactRecord } from './contact.ts';
import { type KnownContact, listByKeys, lockKeys } from './match-queries.ts';

export { type KeyHolder, listKeyHolders, listOfNames, type NamedContact } from './match-queries.ts';
export { keyInsertionsOf } from './queries.ts';
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

/** What a customer has of how somebody is reached, in words: `same e-mail and phone`. */
export const sharedWords = ({ keys }: KnownContact): string =>
  `same ${[...new Set(keys.map(key => (key.startsWith('email:') ? 'e-mail' : 'phone')))].join(' and ')}`;

/** How well two names fit: the same one, near enough to be asked about (`A. Twin`, `Anna Twin`), or another person’s. */
export function compareNames(a: string, b: string): 'same' | 'near' | 'other' {
  const [left, right] = [nameOf(a), nameOf(b)];
  if (left.words.join(' ') === right.words.join(' ')) return 'same';
  if (left.surname === undefined || right.surname === undefined) return 'near';
  // "Jane" may be anybody's first name, or surname.
  if (left.words.length === 1 || right.words.length === 1) {
    return left.words.some(one => right.words.some(other => isNear(one, other))) ? 'near' : 'other';
  }
  if (!isNear(left.surname, right.surname)) return 'other';
  // A first name that is missing, or said by a letter, is anybody's.
  const [first, second] = [left.first, right.first];
  return first === undefined || second === undefined || isNear(first, second) ? 'near' : 'other';
}

const titles = new Set(['mr', 'mrs', 'ms', 'miss', 'dr', 'the']);

function nameOf(name: string) {
  const words = wordsOf(name).filter(word => !titles.has(word));
  return { words, surname: words.at(-1), first: words.length > 1 ? words[0] : undefined };
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
