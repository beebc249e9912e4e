/**
 * Whether a text says something in words: at least two different ones that are no filling, of any language. "Customer
 * asked" and "Kunde hat abgesagt" do; "...", "ab cd ef", "asdf asdf" and one word again and again do not. It tells words
 * from no words and judges no meaning.
 */
export function saysSomething(text: string): boolean {
  const words = wordsOf(text.slice(0, longestRead));
  const real = new Set(words.filter(word => !isFilling(word)).map(word => word.toLowerCase()));
  return real.size >= 2 && [...real].some(isTelling) && countOf(real) >= fewestLetters;
}

/** Whoever says something does so at the beginning. */
const longestRead = 2000;
const fewestLetters = 6;

let segments: Intl.Segmenter | undefined;

/** Made for the first text: it reads 3 MB of the engine's own data. */
const segmenter = (): Intl.Segmenter => {
  segments ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return segments;
};

/** The words of a text, those of scripts without spaces between them too; numbers are none. */
const wordsOf = (text: string): string[] =>
  [...segmenter().segment(text.normalize('NFKC'))].flatMap(({ segment, isWordLike }) =>
    isWordLike && /\p{L}/u.test(segment) ? [segment] : [],
  );

// A character of these scripts is a syllable or a word of its own.
const denseScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const lettersOf = (word: string): string[] => word.match(/\p{L}/gu) ?? [];

const isTelling = (word: string): boolean => denseScript.test(word) || lettersOf(word).length >= 3;

/** Letters of all of them; one of a dense script counts for two. */
const countOf = (words: ReadonlySet<string>): number =>
  [...words].reduce((sum, word) => sum + lettersOf(word).length * (denseScript.test(word) ? 2 : 1), 0);

// What fingers type that rest on the keys, and what stands where nobody has written anything yet.
const rows = [
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
];
const fillings = new Set([
  'foo',
  'bar',
  'baz',
  'lorem',
  'ipsum',
  'dolor',
  'test',
  'testing',
  'todo',
  'blah',
  'bla',
]);

function isFilling(word: string): boolean {
  const letters = lettersOf(word.toLowerCase());
  const plain = letters.join('');
  if (fillings.has(plain)) return true;
  if (denseScript.test(word)) return false;
  // One letter again and again, or two: "aaaa", "xoxoxo".
  if (letters.length >= 3 && new Set(letters).size === 1) return true;
  if (/^(.{2,4})\1{2,}$/u.test(plain)) return true;
  return isTyped(plain);
}

/** Whether a word is nothing but neighbouring keys: "asdf", "qweasd", "abc". */
function isTyped(word: string): boolean {
  if (!/^[a-z]{3,}$/.test(word)) return false;
  for (let start = 0; start < word.length; ) {
    const end = runFrom(word, start);
    if (end - start < 3) return false;
    start = end;
  }
  return true;
}

function runFrom(word: string, start: number): number {
  let end = start + 1;
  while (end < word.length && rows.some(row => isRun(row, word.slice(start, end + 1)))) end += 1;
  return end;
}

const isRun = (row: string, part: string): boolean =>
  row.includes(part) || row.includes([...part].reverse().join(''));
