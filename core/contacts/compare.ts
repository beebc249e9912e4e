import { distance } from 'fastest-levenshtein';
import { fold } from '../kernel/words/fold.ts';
import { areCompatible, type ComparableName, nameOf } from './names.ts';

/** A customer as duplicates are looked for: names, ways to reach them, places. */
export interface Party {
  kind: 'person' | 'organization';
  first_name: string | null;
  last_name: string | null;
  full_name: string;
  nickname: string | null;
  emails: readonly string[];
  phones: readonly string[];
  places: readonly Place[];
}

interface Place {
  line1: string;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
}

/** What can be alike about two customers, in words. */
export const likenesses = [
  'the same name',
  'nearly the same name',
  'the same last name',
  'the same telephone number',
  'the same e-mail address',
  'the same address',
  'nearly the same address',
] as const;
type Reason = (typeof likenesses)[number];

/** How alike two customers are. */
export interface Likeness {
  /** Logarithm of how much likelier this is of one customer than of two; from `sameFrom` on it is worth a look. */
  score: number;
  /** What is alike, in words. */
  reasons: Reason[];
  /** Whether their names can be those of one person or company. */
  names_agree: boolean;
  /** Whether they share a telephone number or an e-mail address. */
  share_reach: boolean;
}

/** What is compared of a customer. */
export type Part =
  | 'given'
  | 'family'
  | 'company'
  | 'house'
  | 'street'
  | 'second_line'
  | 'town'
  | 'postal_code'
  | 'state'
  | 'phone'
  | 'email';

interface Weight {
  /** How rare a value is that nobody has counted: one in so many. */
  readonly rarity: number;
  /** What equal values can speak for one customer at most. */
  readonly most: number;
  /** What different ones speak against it. */
  readonly different: number;
}

/**
 * After Fellegi and Sunter, in bits: equal values speak for one customer the more, the rarer they are (half of a business
 * lives in one town), different ones against it. Set by hand and measured on FEBRL 1 and 3.
 */
const weights: Readonly<Record<Part, Weight>> = {
  given: { rarity: 60, most: 7, different: -4 },
  family: { rarity: 300, most: 9, different: -4 },
  company: { rarity: 1000, most: 12, different: -6 },
  house: { rarity: 30, most: 4, different: -4 },
  street: { rarity: 200, most: 8, different: -3 },
  second_line: { rarity: 20, most: 4, different: -1 },
  town: { rarity: 4, most: 6, different: -2 },
  postal_code: { rarity: 6, most: 6, different: -2 },
  state: { rarity: 1.1, most: 1.5, different: -1 },
  phone: { rarity: 100_000, most: 13, different: -2 },
  email: { rarity: 100_000, most: 13, different: -1 },
};

/** From so many bits on two customers are shown as perhaps the same. */
export const sameFrom = 11;

/** How many of a business's customers have a value, of how many; a guess when nobody counted. */
export type Counts = (part: Part, value: string) => { with_it: number; of: number } | undefined;

/** So many customers count as little as the guess. */
const guessed = 100;

/** Of numbers and addresses of mail a letter more or less is somebody else's, or a slip; anything more is another one. */
const exact: ReadonlySet<Part> = new Set(['house', 'phone', 'email']);

function weigh(part: Part, a: string, b: string, counts: Counts): number {
  if (a === '' || b === '') return 0;
  const { rarity, most, different } = weights[part];
  const slips = a === b ? 0 : distance(a, b);
  const likeness = 1 - slips / Math.max(a.length, b.length);
  const isNear = exact.has(part) ? slips <= 1 && likeness >= 0.75 : likeness >= 0.75;
  if (!isNear) return likeness < 0.5 || exact.has(part) ? different : 0;
  const { with_it, of } = counts(part, a) ?? { with_it: 0, of: 0 };
  const share = (with_it + guessed / rarity) / (of + guessed);
  const equal = Math.min(most, Math.log2(1 / share));
  if (slips === 0) return equal;
  return exact.has(part) ? equal * 0.35 : equal * 0.6;
}

/**
 * Why two entries that look alike are not surely one customer; undefined when their names agree and they share a telephone
 * number or an e-mail address. The one rule for who is joined without a person: by an agent, or by an import.
 */
export function whyUnsure({
  names_agree,
  share_reach,
}: Pick<Likeness, 'names_agree' | 'share_reach'>): string | undefined {
  if (!share_reach) return 'they share no telephone number and no e-mail address';
  return names_agree ? undefined : 'their names differ: perhaps two people of one household';
}

/** Whether two names can be those of one customer; who has none is nobody's like. */
export const namesAgree = (a: ComparableName, b: ComparableName): boolean =>
  a.kind !== 'nobody' && b.kind !== 'nobody' && areCompatible(a, b);

/** Compares two customers (CON-24). Pure: the same for a whole business, an import, and one new customer. */
export function compareParties(a: Party, b: Party, counts: Counts = () => undefined): Likeness {
  const reasons: Reason[] = [];
  const score =
    nameScore(a, b, counts, reasons) +
    reachScore('phone', a.phones, b.phones, reasons) +
    reachScore('email', a.emails, b.emails, reasons) +
    placeScore(a.places, b.places, counts, reasons);
  const share_reach = share(a.phones, b.phones) || share(a.emails, b.emails);
  return { score, reasons, share_reach, names_agree: namesAgree(nameOf(a), nameOf(b)) };
}

const share = (a: readonly string[], b: readonly string[]) => a.some(value => b.includes(value));

/** Names in the other order happen, but less often. */
const swapped = -0.5;

function nameScore(a: Party, b: Party, counts: Counts, reasons: Reason[]): number {
  const [left, right] = [nameOf(a), nameOf(b)];
  if (a.kind !== b.kind) return weights.company.different;
  if (a.kind === 'organization') {
    const score = weigh('company', left.key, right.key, counts);
    if (score > 0) reasons.push(left.key === right.key ? 'the same name' : 'nearly the same name');
    return score;
  }
  const [givenA, givenB] = [left.given.join(' '), right.given.join(' ')];
  const score = Math.max(
    weigh('given', givenA, givenB, counts) + weigh('family', left.family, right.family, counts),
    weigh('given', givenA, right.family, counts) + weigh('family', left.family, givenB, counts) + swapped,
  );
  if (left.key === right.key) reasons.push('the same name');
  else if (areCompatible(left, right)) reasons.push('nearly the same name');
  else if (left.family !== '' && left.family === right.family) reasons.push('the same last name');
  return score;
}

const reachWords = { phone: 'the same telephone number', email: 'the same e-mail address' } as const;
const uncounted: Counts = () => undefined;

/** The best of all pairs: who has two telephones is known by either. */
function reachScore(
  part: 'phone' | 'email',
  a: readonly string[],
  b: readonly string[],
  reasons: Reason[],
): number {
  if (a.length === 0 || b.length === 0) return 0;
  if (share(a, b)) reasons.push(reachWords[part]);
  return Math.max(...a.flatMap(left => b.map(right => weigh(part, left, right, uncounted))));
}

function placeScore(a: readonly Place[], b: readonly Place[], counts: Counts, reasons: Reason[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  const pairs = a.flatMap(left => b.map(right => onePlace(readPlace(left), readPlace(right), counts)));
  const best = pairs.reduce((one, other) => (other.score > one.score ? other : one));
  if (best.words) reasons.push(best.words);
  return best.score;
}

type ReadPlace = ReturnType<typeof readPlace>;

function onePlace(a: ReadPlace, b: ReadPlace, counts: Counts) {
  const lines = Math.max(
    weigh('street', a.street, b.street, counts) + weigh('second_line', a.second, b.second, counts),
    weigh('street', a.street, b.second, counts) + weigh('street', a.second, b.street, counts) + swapped,
  );
  const score =
    lines +
    weigh('house', a.house, b.house, counts) +
    weigh('town', a.town, b.town, counts) +
    weigh('postal_code', a.postal_code, b.postal_code, counts) +
    weigh('state', a.state, b.state, counts);
  const isSame = a.street !== '' && a.street === b.street && a.house === b.house;
  const words: Reason | undefined = isSame
    ? 'the same address'
    : lines > 3
      ? 'nearly the same address'
      : undefined;
  return { score, words };
}

/** A place made ready for comparing: `7 Wallaby Pl.` → house `7`, street `wallaby pl`. */
export function readPlace({ line1, line2, city, state, postal_code }: Place) {
  const line = plain(line1);
  const [house = ''] = /^\d+\w?(?=\s)/.exec(line) ?? [];
  return {
    house,
    street: withoutType(line.slice(house.length).trim()),
    second: plain(line2 ?? ''),
    town: plain(city ?? ''),
    state: plain(state ?? ''),
    postal_code: (postal_code ?? '').replaceAll(' ', '').toLowerCase(),
  };
}

const plain = (text: string) =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The kind of street at the end tells little and is written in many ways: `oak` for Oak Street, Oak St. */
const withoutType = (street: string): string => street.replace(streetType, '') || street;

const streetType =
  / (?:st|str|street|ave?|avenue|rd|road|dr|drive|ln|lane|ct|court|pl|place|cir|circle|circuit|blvd|boulevard|way|ter|terrace|pkwy|parkway|hwy|highway|trl|trail|cres|crescent)$/;
