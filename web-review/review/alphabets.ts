/** Alphabets whose letters look alike, so that a word may be written in two of them and read as another. */
const alphabets = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Cherokee',
  'Coptic',
  'Georgian',
  'Hebrew',
  'Arabic',
] as const;
type Alphabet = (typeof alphabets)[number];

const lettersOf = alphabets.map(name => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'u') }));
const word = /[\p{L}\p{M}]+/gu;

/** A word of several alphabets: `Jаne` with a Cyrillic а. */
export interface MixedWord {
  at: number;
  text: string;
  /** In words: `а is Cyrillic`. */
  remark: string;
}

/** The words of a text that mix alphabets, in their order (security.md, "The queue", 6). */
export function mixedWords(text: string): MixedWord[] {
  const found: MixedWord[] = [];
  for (const { 0: part, index } of text.matchAll(word)) {
    const remark = remarkOn(part);
    if (remark !== undefined) found.push({ at: index, text: part, remark });
  }
  return found;
}

/** Which letters are not of the alphabet that most of the word is written in; undefined when there is only one. */
function remarkOn(part: string): string | undefined {
  // Most words are plain.
  if (/^[a-z]*$/i.test(part)) return undefined;
  const byAlphabet = new Map<Alphabet, Set<string>>();
  const counts = new Map<Alphabet, number>();
  for (const character of part) {
    const alphabet = lettersOf.find(({ letter }) => letter.test(character))?.name;
    if (alphabet === undefined) continue;
    byAlphabet.set(alphabet, (byAlphabet.get(alphabet) ?? new Set()).add(character));
    counts.set(alphabet, (counts.get(alphabet) ?? 0) + 1);
  }
  if (byAlphabet.size < 2) return undefined;
  const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  return [...byAlphabet]
    .filter(([alphabet]) => alphabet !== most)
    .map(([alphabet, letters]) => {
      const shown = [...letters].slice(0, mostShown).join(' ');
      return `${shown} ${letters.size === 1 ? 'is' : 'are'} ${alphabet}`;
    })
    .join(', ');
}

const mostShown = 5;

/** The same text with the remark behind each such word, for where nothing can be marked. */
export function spellMixed(text: string): string {
  let spelt = '';
  let from = 0;
  for (const { at, text: part, remark } of mixedWords(text)) {
    spelt += `${text.slice(from, at + part.length)} [${remark}]`;
    from = at + part.length;
  }
  return spelt + text.slice(from);
}
