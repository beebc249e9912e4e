const numberWords: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
};

/** The number words of a pattern: `two|three|…`. */
export const numberWord = Object.keys(numberWords).join('|');

/** A count as people write it: `20+`, `about 20`, `15-20`, `1,200`, `two`, `a dozen`. */
export const count =
  `(?:(?:(?:about|around|approximately|approx|roughly|maybe|over|more than|at least|almost|nearly) )?` +
  `(?:(?:a|two|three|\\d) dozen|\\d{1,2},\\d{3}|\\d{1,4}|${numberWord})(?:\\s?\\+|\\s?(?:-|–|to)\\s?\\d{1,4})?)`;

/** The count as a value: a number where it is exact, else words: `20+`, `about 20`, `15-20`. */
export function readCount(text: string): string | number | undefined {
  const plain = text.toLowerCase().replaceAll(',', '').replace('a dozen', '12');
  const numbers = plain.replace(new RegExp(`\\b(?:${numberWord})\\b`, 'g'), word =>
    String(numberWords[word]),
  );
  const [first, second] =
    numbers.replace(/(\d+) dozen/, (_, n: string) => String(Number(n) * 12)).match(/\d+/g) ?? [];
  if (first === undefined) return undefined;
  if (second !== undefined) return `${Number(first)}-${Number(second)}`;
  if (/\+|over|more than|at least/.test(numbers)) return `${Number(first)}+`;
  if (/about|around|approx|roughly|maybe|almost|nearly/.test(numbers)) return `about ${Number(first)}`;
  return Number(first);
}

/** A small number in digits or words; undefined for anything else. */
export function readSmallNumber(text: string): number | undefined {
  const found = readCount(text.trim());
  return typeof found === 'number' ? found : undefined;
}
