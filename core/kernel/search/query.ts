import { referencePattern } from '../records/reference.ts';
import { budgets } from '../words/budgets.ts';
import { fold } from '../words/fold.ts';

/** A query as it is looked for: every term must occur, in any of its forms. */
export interface Wanted {
  /** Each word with what else is meant by it: `['bill', 'william']`. The first is what was typed. */
  terms: readonly (readonly string[])[];
}

/**
 * The telling words of a query: letters and digits only, a telephone number in any spelling as its last ten digits, an
 * e-mail address or a reference (`c-1042`) as a whole. Lower case, without accents.
 */
export function wantedIn(query: string): Wanted {
  const words = wordsOf(query);
  const telling = words.filter(word => !fillers.has(word));
  return { terms: (telling.length > 0 ? telling : words).slice(0, budgets.search_words).map(word => [word]) };
}

/** The words of a text as a search takes them, fillers included. Its beginning is read (`budgets`). */
export function wordsOf(text: string): string[] {
  const plain = fold(text.slice(0, budgets.search_characters))
    .replace(/(\p{L})['’]s\b/gu, '$1')
    .replace(apostrophe, '$1')
    .replace(/\b(\d{5})-\d{4}\b(?![\s().-]*\d)/g, '$1')
    .replace(phone, number => ` ${nationalDigits(number)} `);
  return plain.match(word) ?? [];
}

/** `O'Brien` is typed as `obrien` by most. */
export const apostrophe = /(\p{L})['’](?=\p{L})/gu;

const phone = /(?<![a-z]-)(?<!\d)\+?[\d(][\d\s().\-–+]{5,}\d/g;
const word = new RegExp(
  `[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*@[\\p{L}\\p{N}.-]+[\\p{L}\\p{N}]|\\b${referencePattern}\\b|[\\p{L}\\p{N}]+`,
  'gu',
);

/** What looks like a telephone number and is none is left as it is. */
function nationalDigits(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length < 7 ? text : digits.slice(-10);
}

/** Words people put around what they look for; no record is told from another by them. */
export const fillers: ReadonlySet<string> = new Set(
  `mr mrs ms miss dr sir madam the a an of in on at from for with and or to by near around off that this these those
  who whom whose which what where is are was were be been am has have had having does do did got gets get
  i me my we us our you your he him his she her they them their it its one ones
  call calls calling caller phone cell mobile telephone number numbers ending ends address than more least over about
  customer customers client clients lady woman women man men guy fellow gentleman person people somebody someone
  anybody anyone folks lives living live called named name names find show look search please all any some`
    .trim()
    .split(/\s+/),
);
