import { fold } from '../kernel/fold.ts';
import { fillers, type Wanted, wordsOf } from '../kernel/search-query.ts';
import { formsOf, phrases } from './synonyms.ts';

/** A query in lower case, with several words that mean one thing as the word they are looked for by. */
export const plainText = (query: string): string =>
  phrases.reduce((text, [phrase, word]) => text.replace(phrase, word), fold(query.slice(0, 200)));

/** The telling words of some, each with what else is meant by it. Without `keepsAll`, there may be none. */
export function wantedOf(words: readonly string[], keepsAll = true): Wanted {
  const telling = words.filter(word => !fillers.has(word));
  const all = [...new Set(telling.length === 0 && keepsAll ? words : telling)].slice(0, 12);
  return { terms: all.map((word, index) => [...formsOf(word), ...joined(all, index)]) };
}

const isName = (word: string | undefined): word is string => word !== undefined && /^\p{L}{3,}$/u.test(word);

/** A word with the one before or behind it: Villa Nueva may be written Villanueva. */
function joined(words: readonly string[], index: number): string[] {
  const [before, word, behind] = [words[index - 1], words[index], words[index + 1]];
  if (!isName(word)) return [];
  return [...(isName(before) ? [before + word] : []), ...(isName(behind) ? [word + behind] : [])];
}

/** What a query of plain words looks for. */
export const wantedIn = (query: string): Wanted => wantedOf(wordsOf(plainText(query)));
