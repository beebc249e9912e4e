import { distance } from 'fastest-levenshtein';
import { fold } from '../kernel/words/fold.ts';
import { sameGivenName } from './nicknames.ts';

/** The cells that say who a row is about, as they were written. */
export interface WrittenName {
  first_name: string;
  last_name: string;
  company_name: string;
  nickname?: string;
}

/**
 * A name made ready for comparing. `key` is equal for every spelling that differs only in case, accents, marks, title or
 * order; `shape` is equal when everything below is, so names of one shape compare alike.
 */
export interface ComparableName {
  kind: 'person' | 'organization' | 'nobody';
  key: string;
  shape: string;
  given: string[];
  family: string;
  nickname: string;
  suffix: string;
  titled: boolean;
}

const titles = new Set(['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'prof', 'rev']);
const suffixes = new Set(['jr', 'sr', 'ii', 'iii', 'iv']);
const legalForm = /(?:llc|llp|pllc|inc|incorporated|corp|corporation|ltd|limited|co|company|pc)$/;

/**
 * Reads a name for comparing: accents, case, punctuation and titles taken off; `Hart, Naomi` and a full name in one
 * cell split; Jr, Sr, II, III, IV kept apart because father and son share a phone.
 */
export function comparableName(written: WrittenName): ComparableName {
  const nickname = words(written.nickname ?? '').join('');
  const [first, last] = splitCells(written);
  const given = words(first);
  const family = words(last);
  const suffix = takeSuffix(family) || takeSuffix(given);
  const titled = titles.has(given[0] ?? '') && given.length + family.length > 1;
  if (titled) given.shift();
  if (given.length === 0 && family.length === 0 && nickname !== '') given.push(nickname);
  const shape = [given.join(' '), family.join(''), nickname, suffix, titled].join('|');
  const name = { shape, given, family: family.join(''), nickname, suffix, titled };
  if (given.length > 0 || name.family !== '') return { kind: 'person', key: personKey(name), ...name };
  const company = companyKey(written.company_name);
  if (company !== '') return { kind: 'organization', key: `company ${company}`, ...name, shape: company };
  return { kind: 'nobody', key: '', ...name };
}

/** The name of a customer as it is kept, ready for comparing. */
export function nameOf(contact: {
  kind: string;
  first_name: string | null;
  last_name: string | null;
  full_name: string;
  nickname: string | null;
}): ComparableName {
  const isCompany = contact.kind === 'organization';
  const isSplit = contact.first_name !== null || contact.last_name !== null;
  return comparableName({
    first_name: isCompany ? '' : isSplit ? (contact.first_name ?? '') : contact.full_name,
    last_name: isCompany ? '' : (contact.last_name ?? ''),
    company_name: isCompany ? contact.full_name : '',
    nickname: contact.nickname ?? '',
  });
}

/**
 * Whether two rows that share an e-mail or a phone can be about the same person (or company). Equal names are; so are a
 * nickname, an initial, a missing first or last name, and one small typo. First names that merely look alike are not
 * when their ends differ: Carl and Carla share a phone because they are married.
 */
export function areCompatible(a: ComparableName, b: ComparableName): boolean {
  if (a.key === b.key || a.kind === 'nobody' || b.kind === 'nobody') return true;
  if (a.kind !== b.kind || a.suffix !== b.suffix) return false;
  if (a.kind === 'organization') return isSmallTypo(a.key, b.key, 14);
  if (run(a) === run(b) || run(a) === reversed(b)) return true;
  if ((a.family === '') !== (b.family === '')) return !a.titled && !b.titled && joined(a) === joined(b);
  if (a.family === b.family) return canBeSameGiven(a, b) || isGivenTypo(joined(a), joined(b));
  return joined(a) === joined(b) && joined(a) !== '' && isSmallTypo(a.family, b.family, 5);
}

function splitCells({ first_name, last_name }: WrittenName): [first: string, last: string] {
  if (first_name !== '' && last_name !== '') return [first_name, last_name];
  const whole = first_name || last_name;
  const comma = whole.indexOf(',');
  const after = whole.slice(comma + 1).trim();
  if (comma > 0 && !suffixes.has(words(after).join(''))) return [after, whole.slice(0, comma)];
  const parts = whole.split(' ');
  if (first_name === '' || parts.length < 2) return [first_name, last_name];
  const tail = suffixes.has(words(parts[parts.length - 1] ?? '').join('')) && parts.length > 2 ? 2 : 1;
  return [parts.slice(0, -tail).join(' '), parts.slice(-tail).join(' ')];
}

/** Folded words; hyphens and apostrophes vanish, so `O'Neal`, `O’Neal` and `ONeal` are one word each. */
function words(text: string): string[] {
  if (text === '') return [];
  return fold(text)
    .split(/\s+/)
    .map(word => word.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter(word => word !== '');
}

function takeSuffix(parts: string[]): string {
  const last = parts[parts.length - 1] ?? '';
  return parts.length > 1 && suffixes.has(last) ? (parts.pop() ?? '') : '';
}

type PersonParts = Pick<ComparableName, 'given' | 'family' | 'suffix'>;

/** First and last name as one run of letters in whichever order sorts first, so that swapped columns do not matter. */
function personKey(name: PersonParts): string {
  const forwards = run(name);
  const backwards = reversed(name);
  const letters = forwards < backwards ? forwards : backwards;
  return name.suffix === '' ? letters : `${letters} ${name.suffix}`;
}

function companyKey(company: string): string {
  const letters = words(company).join('');
  return letters.replace(legalForm, '') || letters;
}

function joined(name: PersonParts): string {
  return name.given.join('');
}

function run(name: PersonParts): string {
  return joined(name) + name.family;
}

function reversed(name: PersonParts): string {
  return name.family + joined(name);
}

/** Same family name: do the given names allow one person? A second given name must be an initial or missing as one. */
function canBeSameGiven(a: ComparableName, b: ComparableName): boolean {
  const [firstA = '', ...restA] = a.given;
  const [firstB = '', ...restB] = b.given;
  if (firstA === '' || firstB === '') return !a.titled && !b.titled;
  if (joined(a) === b.nickname || joined(b) === a.nickname) return true;
  if (!sameGivenName(firstA, firstB) && !isInitialOf(firstA, firstB)) return false;
  const length = Math.max(restA.length, restB.length);
  return Array.from({ length }).every((_, index) => {
    const middleA = restA[index] ?? '';
    const middleB = restB[index] ?? '';
    return middleA === middleB || isInitialOf(middleA, middleB) || (middleA + middleB).length === 1;
  });
}

function isInitialOf(a: string, b: string): boolean {
  return (a.length === 1 || b.length === 1) && a[0] === b[0];
}

function isSmallTypo(a: string, b: string, shortest: number): boolean {
  const length = Math.min(a.length, b.length);
  if (length < shortest || Math.abs(a.length - b.length) > 2) return false;
  return distance(a, b) <= (length >= 9 && shortest < 9 ? 2 : 1);
}

function isGivenTypo(a: string, b: string): boolean {
  return a[0] === b[0] && a[a.length - 1] === b[b.length - 1] && isSmallTypo(a, b, 5) && distance(a, b) === 1;
}
