import { joinedReference, unhyphenated } from '../kernel/records/reference.ts';
import { fillers, type Wanted, wordsOf } from '../kernel/search/query.ts';
import { budgets } from '../kernel/words/budgets.ts';
import { fold } from '../kernel/words/fold.ts';
import { formsOf, phrases } from './synonyms.ts';

/** A query in lower case, with several words that mean one thing as the word they are looked for by. */
export const plainText = (query: string): string =>
  phrases.reduce(
    (text, [phrase, word]) => text.replace(phrase, word),
    fold(query.slice(0, budgets.search_characters)),
  );

/** The telling words of some, each with what else is meant by it. Without `keepsAll`, there may be none. */
export function wantedOf(words: readonly string[], keepsAll = true): Wanted {
  const telling = words.filter(word => !fillers.has(word));
  const all = [...new Set(telling.length === 0 && keepsAll ? words : telling)].slice(0, budgets.search_words);
  return { terms: all.map((word, index) => [...formsOf(word), ...joined(all, index)]) };
}

const isName = (word: string | undefined): word is string => word !== undefined && /^\p{L}{3,}$/u.test(word);

/** What a word and the one before or behind it may be together: Villa Nueva is written Villanueva, and C 1042 is C-1042. */
function joined(words: readonly string[], index: number): string[] {
  const [before, word = '', behind] = [words[index - 1], words[index], words[index + 1]];
  return [
    ...unhyphenated(word),
    ...(before === undefined ? [] : joinedReference(before, word)),
    ...(behind === undefined ? [] : joinedReference(word, behind)),
    ...(isName(word) && isName(before) ? [before + word] : []),
    ...(isName(word) && isName(behind) ? [word + behind] : []),
  ];
}

/** What a query of plain words looks for. */
export const wantedIn = (query: string): Wanted => wantedOf(wordsOf(plainText(query)));
