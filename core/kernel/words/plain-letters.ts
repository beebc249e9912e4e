import { IN_DISGUISE } from './in-disguise.ts';

/** The text in plain small letters, and where in the text each of them starts and ends. */
export type Plain = { letters: string; starts: readonly number[]; ends: readonly number[] };

const MARKER = /\[REDACTED (?:CARD \.\.[0-9]{4}|SSN|CVV|KEY|LINK)\]/g;
/** UUIDs and tracking numbers of UPS and of the post. */
const NO_NUMBER =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|1z[0-9a-z]{16}|9[1-5][0-9]{2}(?: [0-9]{4}){4} [0-9]{2})(?![0-9a-z])/g;
const LIKE_IBAN = /(?<![0-9a-z])([a-z]{2}[0-9]{2})((?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?)(?![0-9a-z])/g;

/**
 * Maps the text to small Latin letters, ASCII digits and a few marks, one for one; characters without width
 * are left out. Markers of an earlier redaction become '!', which no rule looks through. UUIDs, tracking numbers and IBANs
 * become '$', which joins nothing; what means nothing here becomes '~'.
 */
export function toPlain(text: string): Plain {
  const starts: number[] = [];
  const ends: number[] = [];
  let letters = '';
  const marked = text.replaceAll('!', '~').replace(MARKER, marker => '!'.repeat(marker.length));
  for (let at = 0, end = 0; at < marked.length; at = end) {
    const code = marked.codePointAt(at) ?? 0;
    end = code > 0xffff ? at + 2 : at + 1;
    const letter = plainLetter(code);
    if (letter === '') continue;
    letters += letter;
    starts.push(at);
    ends.push(end);
  }
  const known = letters.replace(NO_NUMBER, whole => blank(whole.length));
  return { letters: IN_DISGUISE ? withoutIbans(known) : known, starts, ends };
}

const withoutIbans = (letters: string): string =>
  letters.replace(LIKE_IBAN, (whole, head: string, rest: string) => {
    const length = lengthOfIban(head, rest);
    return blank(length) + whole.slice(length);
  });

const blank = (length: number) => '$'.repeat(length);

/** How much of it is an International Bank Account Number, 15 characters at least, by its check digits; 0 for none. */
function lengthOfIban(head: string, rest: string): number {
  let remainder = 0;
  let characters = 4;
  let length = 0;
  for (const [at, letter] of [...rest].entries()) {
    if (letter === ' ') continue;
    characters += 1;
    remainder = remainderWith(remainder, letter);
    const next = rest.charAt(at + 1);
    if (characters < 15 || (next !== '' && next !== ' ')) continue;
    if ([...head].reduce(remainderWith, remainder) === 1) length = head.length + at + 1;
  }
  return length;
}

/** The remainder by 97 of the number that goes on with a digit, or with the number a letter stands for: a is 10. */
function remainderWith(remainder: number, letter: string): number {
  const value = Number.parseInt(letter, 36);
  return (remainder * (value > 9 ? 100 : 10) + value) % 97;
}

function plainLetter(code: number): string {
  // Full-width forms are the ASCII characters 0xfee0 further up. The full-width "!" is not our marker.
  if (code === 0xff01) return '~';
  return PLAIN_LETTERS.get(code >= 0xff01 && code <= 0xff5e ? code - 0xfee0 : code) ?? digitOf(code);
}

/** The digit, in whatever script; '~' for what means nothing here. */
function digitOf(code: number): string {
  return DIGITS.get(code) ?? '~';
}

// Lists of code points, "a-b" for a range. The tables stand here and not in a regular expression with
// Unicode classes because Node, each browser and PostgreSQL know different versions of Unicode.
const SEPARATORS: Readonly<Record<string, string>> = {
  ' ': '9 20 a0 1680 2000-200a 202f 205f 2800 3000',
  '\n': 'a-d 85 2028 2029',
  '-': '2d 2d7 58a 5be 1806 2010-2015 2043 2212 2e3a 2e3b 301c 3030 fe31 fe32 fe58 fe63',
  '.': '2e b7 2022 2024 2027 2219 22c5 3002 30fb fe52 ff61 ff65',
  '/': '2f 5c 2044 2215 29f8',
  ',': '2c 3a-3b 3d 7c',
  // Each begins a number of its own.
  $: '23-25 40 a2-a5 b0 20ac 2116',
  _: '5f',
  '!': '21',
  '+': '2b',
  // Characters without width.
  '': 'ad 300-36f 61c 180e 200b-200f 202a-202e 2060-206f 20e3 fe00-fe0f feff',
};
const ODD_SEPARATORS: Readonly<Record<string, string>> = {
  ',': 'a6 60c 61b 2502 3001 fe50 ff64',
  '': '115f-1160 180b-180d 180f 3164 ffa0 e0020-e007f e0100-e01ef',
};
/** The zeros of the decimal digits of Unicode 17; the nine others follow each of them. */
const ZEROS =
  '660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 ' +
  '1a90 1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 104a0 10d30 10d40 11066 110f0 11136 ' +
  '111d0 112f0 11450 114d0 11650 116c0 116d0 116da 11730 118e0 11950 11bf0 11c50 11d50 11da0 11de0 ' +
  '11f50 16130 16a60 16ac0 16b50 16d70 1ccf0 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e4f0 1e5f1 ' +
  '1e950 1fbf0';
/** Those of digits raised, lowered and before a comma. */
const ODD_ZEROS = '2070 2080 1f101';
/** The ones of digits without a zero beside them, in circles, brackets and so on; eight others follow each of them. */
const ONES = '1369 2160 2170 2460 2474 2488 24f5 2776 2780 278a 3021 3220 3280 1d360';
/** Digits one by one, each after what it is: 0 in a circle, superscript 1, 2 and 3, and those of Chinese. */
const MORE_DIGITS =
  '024ea 024ff 01f100 01f10b 01f10c 1b9 2b2 3b3 03007 14e00 24e8c 34e09 456db 54e94 6516d 74e03 8516b 94e5d';

const PLAIN_LETTERS: ReadonlyMap<number, string> = new Map([
  ...separators(SEPARATORS),
  ...(IN_DISGUISE ? separators(ODD_SEPARATORS) : []),
  ...codesOf('30-39 41-5a 61-7a').map(code => [code, String.fromCharCode(code).toLowerCase()] as const),
]);

function separators(table: Readonly<Record<string, string>>): (readonly [number, string])[] {
  return Object.entries(table).flatMap(([letter, list]) =>
    codesOf(list).map(code => [code, letter] as const),
  );
}

const DIGITS: ReadonlyMap<number, string> = /* @__PURE__ */ digits();

function digits(): Map<number, string> {
  return new Map([
    ...runs(`${ZEROS} ${ODD_ZEROS}`, 0),
    ...runs(ONES, 1),
    ...MORE_DIGITS.split(' ').map(digit => [Number.parseInt(digit.slice(1), 16), digit.charAt(0)] as const),
  ]);
}

/** Digits up to 9 in a row, from each of these on. */
function runs(list: string, first: number): (readonly [number, string])[] {
  return codesOf(list).flatMap(code =>
    Array.from({ length: 10 - first }, (_, place) => [code + place, `${first + place}`] as const),
  );
}

function codesOf(list: string): number[] {
  return list.split(' ').flatMap(range => {
    const [first = 0, last = first] = range.split('-').map(code => Number.parseInt(code, 16));
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}
