import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

const emailPattern =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}(?![\p{L}\p{N}])/gu;

/** As it is said on the telephone: "amber dot lucero at mailbox dot com". */
const spelledEmail =
  /(?<![\p{L}\p{N}])(?!(?:me|us|him|her|them|it|is|email|mail|address)\b)[a-z0-9][a-z0-9._-]{0,40}(?: (?:dot|underscore|dash) [a-z0-9]{1,40}){0,3} at [a-z0-9-]{1,40}(?: dot [a-z0-9-]{1,40}){0,2} dot (?:com|net|org|edu|gov|us|co|biz|info|me|mx|example)(?![\p{L}\p{N}])/giu;

/** As people hide it from robots: `ellis[at]mail.example`. */
const hiddenEmail =
  /(?<![\p{L}\p{N}._%+-])[a-z0-9][a-z0-9._%+-]{0,63} ?[([]at[)\]] ?(?:[a-z0-9-]{1,63}(?:\.| ?[([]dot[)\]] ?)){1,4}[a-z]{2,24}(?![\p{L}\p{N}])/giu;

/** The e-mail addresses of a text, in lower case. */
export const findEmails = (text: string): string[] => [
  ...new Set([
    ...[...text.matchAll(emailPattern)].map(match => match[0].toLowerCase()),
    ...[spelledEmail, hiddenEmail].flatMap(pattern =>
      [...text.matchAll(pattern)].map(match => written(match[0].toLowerCase())),
    ),
  ]),
];

const written = (spelled: string) =>
  spelled
    .replaceAll(' dot ', '.')
    .replaceAll(' underscore ', '_')
    .replaceAll(' dash ', '-')
    .replace(/ at | ?[([]at[)\]] ?/, '@')
    .replace(/ ?[([]dot[)\]] ?/g, '.');

// Groups of digits as people write them; what begins inside a longer number, a price or a date is none.
const phonePattern =
  /(?<![\p{L}\p{N}$#.,/-])(?:\+\s?\d[\d\s().-]{7,18}\d|(?:1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}(?:[\s./-]| - )?)\d{3}(?:[\s./-]| - )?\d{4})(?![\d-]|[.,]\d)/gu;

/** Ten digits said one by one, and a number whose area code is put behind it. */
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const digitWord = `(?:${digits.join('|')}|oh|o)`;
const spelledPhone = new RegExp(
  `(?<![\\p{L}\\p{N}])${digitWord}(?:[ ,.-]{1,2}${digitWord}){9}(?![\\p{L}\\p{N}])`,
  'giu',
);
const areaBehind = /(?<![\p{L}\p{N}$#.,/-])(\d{3}[\s.-]\d{4}) \((\d{3})\)/gu;

/** The telephone numbers of a text in E.164, whatever way they are written. */
export function findPhones(text: string, country: string): string[] {
  const home: CountryCode = isSupportedCountry(country) ? country : 'US';
  const spellings = [
    ...[...text.matchAll(phonePattern)].map(match => match[0]),
    ...[...text.matchAll(spelledPhone)].map(match => inDigits(match[0])),
    ...[...text.matchAll(areaBehind)].map(([, local = '', area = '']) => `${area}-${local}`),
  ];
  const numbers = spellings.flatMap(spelling => {
    const number = parsePhoneNumberFromString(spelling, home);
    return number?.isPossible() ? [number.number] : [];
  });
  return [...new Set(numbers)];
}

const inDigits = (spelled: string) =>
  (spelled.toLowerCase().match(/\p{L}+/gu) ?? []).map(word => Math.max(0, digits.indexOf(word))).join('');

/** A text with every e-mail address and telephone number as a run of one character, as long as it was. */
export const coverContacts = (text: string, mark: string): string =>
  [emailPattern, spelledEmail, hiddenEmail, phonePattern, spelledPhone, areaBehind].reduce(
    (covered, pattern) => covered.replace(pattern, found => mark.repeat(found.length)),
    text,
  );

/** `mrs hart` as `Mrs Hart`. */
const capitals = (name: string | undefined) =>
  name?.replace(/(?<![\p{L}'’])\p{Ll}/gu, letter => letter.toUpperCase());

const companies: readonly RegExp[] = [
  /(?:^|\n|[;,.] ?)[ \t]*(?:company|business|organization|firm)\s?[:=]\s*(?<name>[^\n,;.]{2,80})/iu,
  /(?<name>(?:\p{Lu}[\p{L}\p{N}&'’-]* ){0,4}\p{Lu}[\p{L}\p{N}&'’-]*,? (?:LLC|Inc|Corp|Corporation|Company|Co|Ltd|LLP|PLLC|Realty|Properties|Property Management|Dental|Dentistry|Bank|Church|School|Hotel|Restaurant|Apartments|HOA|Group|Associates|Partners|Clinic))\b\.?/u,
];

/** The firm an inquiry comes from. */
export function findCompany(text: string): string | undefined {
  for (const pattern of companies) {
    const name = capitals(pattern.exec(text)?.groups?.name)
      ?.replace(/^(?:The|From|At|For|With|This|I|We) /, '')
      .trim();
    if (name !== undefined && name !== '') return name;
  }
  return undefined;
}
