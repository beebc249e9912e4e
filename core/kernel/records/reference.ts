/**
 * How the references of a kind are written: `C` gives C-1001, C-1002, …; a yearly `INV` gives INV-2026-001 and begins
 * again each year (OPQ-06). The one place that knows how references look: everybody else asks here.
 */
export interface Numbering {
  /** One to four capital letters. */
  prefix: string;
  /** The first number. */
  start: number;
  is_yearly?: boolean;
  /**
   * No number may be missing: it is taken with the row, and who writes the next one waits until this one is written or not. All
   * others are taken beside the transaction, so that nobody waits; what comes to nothing may leave a gap (decision 045).
   */
  is_gapless?: boolean;
  /** References beside the numbers, in capitals: `SETUP-DRAFT-001`. */
  beside?: readonly string[];
}

/**
 * What a text in small letters has to look like to be a reference at all, to be put into other patterns: letters, a year
 * for some, and a number.
 */
export const referencePattern = '[a-z]{1,4}(?:-\\d{1,12}){1,2}';

const whole = new RegExp(`^${referencePattern}$`, 'i');

/** Whether a text looks like a reference of any kind, in any letters. */
export const looksLikeReference = (text: string): boolean => whole.test(text);

/** `pet: dog` of `AT-1001 pet: dog`, for whom the number says nothing. */
export function withoutReference(text: string): string {
  const [first = '', ...others] = text.split(' ');
  return looksLikeReference(first) ? others.join(' ') : text;
}

const patterns = new Map<string, RegExp>();

/** The references of this numbering as we write them, for schemas. Kept: every word of an answer is compared with them. */
export function referencesOf({ prefix, is_yearly }: Numbering): RegExp {
  const source = `^${prefix}-${is_yearly ? '\\d{4}-' : ''}\\d{1,12}$`;
  const pattern = patterns.get(source) ?? new RegExp(source);
  if (!patterns.has(source)) patterns.set(source, pattern);
  return pattern;
}

/** Whether a text is a reference of this numbering, in any letters. */
export const isReferenceOf = (numbering: Numbering, text: string): boolean =>
  referencesOf(numbering).test(text.toUpperCase()) || numbering.beside?.includes(text.toUpperCase()) === true;

/** Under what the numbers are counted, and how many digits they have at least. `year` is that of the business. */
export const countedAs = (
  { prefix, is_yearly }: Numbering,
  year: number,
): { kind: string; digits: number } =>
  is_yearly ? { kind: `${prefix}-${year}`, digits: 3 } : { kind: prefix, digits: 1 };

/** A reference as everybody writes it: `C-1042`, `INV-2026-014`. */
export const writeReference = ({ kind, digits }: { kind: string; digits: number }, number: number): string =>
  `${kind}-${String(number).padStart(digits, '0')}`;

/** What the references of a kind look like: the first one. */
export const exampleReference = (numbering: Numbering, year: number): string =>
  writeReference(countedAs(numbering, year), numbering.start);

/** The words a reference is found by: as a whole, and its numbers alone (`c-1042`, `1042`); all others share its letters. */
export function referenceTerms(reference: string): string[] {
  const written = reference.toLowerCase();
  return [written, ...written.split('-').slice(1)];
}

/** So many years back a number without its year may be of. */
const yearsMeant = 10;

/**
 * The references that somebody may mean who says a number and not all of its reference: `17`, `invoice 17`, `bill no. 17`,
 * `#17`, `INV-17`, `2026-17`. Of a yearly numbering one of each year, the newest first; none when it is no such number. `nouns`
 * are what the rows are called, in small letters.
 */
export function referencesSaid(
  numbering: Numbering,
  text: string,
  { nouns, year }: { nouns: readonly string[]; year: number },
): string[] {
  const { noun, of, number = '' } = saidNumber.exec(text.trim().toLowerCase())?.groups ?? {};
  const isCalled = noun === undefined || [numbering.prefix.toLowerCase(), ...nouns].includes(noun);
  if (number === '' || !isCalled || (of !== undefined && !numbering.is_yearly)) return [];
  const latest = of === undefined ? year : Number(of);
  const years = numbering.is_yearly && of === undefined ? yearsMeant : 1;
  return Array.from({ length: years }, (_, back) =>
    writeReference(countedAs(numbering, latest - back), Number(number)),
  );
}

/** What is said to have a number: `invoice` of `invoice 17`, `inv` of `INV-17`; undefined for a number alone and for other words. */
export const nounOfNumber = (text: string): string | undefined =>
  saidNumber.exec(text.trim().toLowerCase())?.groups?.noun;

const saidNumber =
  /^(?:the +)?(?:(?<noun>[a-z]+(?: [a-z]+)*?)(?: +|-|(?=#)))?(?:(?:no\.?|number) *|# *)?(?:(?<of>\d{4})-)?(?<number>\d{1,9})$/;

/** What letters and digits that were typed apart or together may be the reference of; none when they cannot. */
export function joinedReference(letters: string, digits: string): string[] {
  const joined = `${letters}-${digits}`;
  return !digits.includes('-') && looksLikeReference(joined) ? [joined] : [];
}

/** The letters and digits of a reference typed without its hyphen: `c1042`. */
export const unhyphenated = (word: string): string[] => {
  const [, letters = '', digits = ''] = /^([a-z]+)(\d+)$/i.exec(word) ?? [];
  return joinedReference(letters, digits);
};

/** The references of everything that is registered. */
export interface References {
  /** Whether a text, written as we write it, is a reference of a registered kind: `C-1042`, `INV-2026-014`. */
  has(text: string): boolean;
  /** The data type whose references look like this one, in any letters: `invoices`. */
  typeOf(text: string): string | undefined;
}

/** Throws when two kinds share a prefix, or one has letters that no reader would recognise. */
export function createReferences(kinds: readonly { type: string; reference: Numbering }[]): References {
  const taken = new Map<string, string>();
  for (const { type, reference } of kinds) {
    const { prefix } = reference;
    if (!/^[A-Z]{1,4}$/.test(prefix)) throw new Error(`${prefix} is no prefix of references: ${type}`);
    // Two kinds with one prefix would share their numbers, and `I-7` would be either.
    if (taken.has(prefix)) throw new Error(`two registrations are called ${prefix}`);
    taken.set(prefix, type);
  }
  const byPrefix = new Map(
    kinds.map(({ type, reference }) => [reference.prefix, { type, pattern: referencesOf(reference) }]),
  );
  const besides = new Map(
    kinds.flatMap(({ type, reference: { beside = [] } }) => beside.map(text => [text, type] as const)),
  );
  const typeWritten = (text: string) => {
    const beside = besides.get(text);
    if (beside !== undefined) return beside;
    const kind = byPrefix.get(text.slice(0, Math.max(0, text.indexOf('-'))));
    return kind?.pattern.test(text) ? kind.type : undefined;
  };
  return { typeOf: text => typeWritten(text.toUpperCase()), has: text => typeWritten(text) !== undefined };
}
