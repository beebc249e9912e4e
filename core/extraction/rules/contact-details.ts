import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

const emailPattern =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,4}\p{L}{2,24}(?![\p{L}\p{N}])/gu;

/** The e-mail addresses of a text, in lower case. */
export const findEmails = (text: string): string[] => [
  ...new Set([...text.matchAll(emailPattern)].map(match => match[0].toLowerCase())),
];

// Groups of digits as people write them; what begins inside a longer number, a price or a date is none.
const phonePattern =
  /(?<![\p{L}\p{N}$#.,/-])(?:\+\s?\d[\d\s().-]{7,18}\d|(?:1[\s.-]?)?(?:\(\d{3}\)\s?|\d{3}[\s.-]?)\d{3}[\s.-]?\d{4})(?![\d-]|[.,]\d)/gu;

/** The telephone numbers of a text in E.164, whatever way they are written. */
export function findPhones(text: string, country: string): string[] {
  const home: CountryCode = isSupportedCountry(country) ? country : 'US';
  const numbers = [...text.matchAll(phonePattern)].flatMap(match => {
    const number = parsePhoneNumberFromString(match[0], home);
    return number?.isPossible() ? [number.number] : [];
  });
  return [...new Set(numbers)];
}

const given = "\\p{Lu}[\\p{L}'’-]+";
const title = '(?:Mr|Mrs|Ms|Miss|Dr)\\.?';
const fullName = `(?:${title} )?${given}(?: (?:\\p{Lu}\\. )?${given}){0,2}`;

/** How people say who they are. The name is told by its capitals; the words before it are spelled both ways. */
const introductions: readonly RegExp[] = [
  new RegExp(
    `(?:^|\\n|[;,.] ?)[ \\t]*(?:[Nn]ame|NAME|[Cc]ustomer|[Cc]aller|[Cc]ontact|[Cc]lient)(?: name)?\\s?[:=-]\\s*(?<name>${fullName})`,
    'u',
  ),
  new RegExp(`\\b[Mm]y name is (?<name>${fullName})`, 'u'),
  new RegExp(
    `\\b(?:[Tt]his is|[Ii]t's|[Ii] am|I['’]m) (?<name>${title} ${given}|${given} ${given}(?: ${given})?)`,
    'u',
  ),
  new RegExp(
    `\\b(?:[Cc]all|[Mm]essage|[Vv]oicemail|[Ii]nquiry|[Ee]-?mail|[Tt]ext|[Ss]poke|[Tt]alked|[Rr]equest)(?:ed)? (?:from|with|to|by) (?:an? (?:elderly |older |new )?(?:woman|man|lady|gentleman|customer) (?:named|called) )?(?<name>${fullName})`,
    'u',
  ),
  new RegExp(
    `(?:^|[\\n.!?] ?)[ \\t]*(?<name>${title} ${given}(?: ${given})?|${given} ${given}(?: ${given})?)(?:,? (?:from|at|in|of) [^,.\\n]{2,40},?)? (?:called|phoned|emailed|e-mailed|texted|wrote|rang|wants|wanted|needs|would like|asked|asks|is asking|is looking|inquired|left a)\\b`,
    'u',
  ),
  new RegExp(`\\b(?:named|called) (?<name>${given} ${given})`, 'u'),
  new RegExp(
    `\\b(?:[Tt]hanks|[Tt]hank you|[Rr]egards|[Bb]est|[Ss]incerely|[Cc]heers)[,!.]*\\s+[-–—]?\\s*(?<name>${fullName})\\s*(?=$|\\n|,|\\d|\\()`,
    'u',
  ),
  new RegExp(`\\n\\s*[-–—]\\s?(?<name>${fullName})\\s*(?=$|\\n)`, 'u'),
  new RegExp(
    `^\\s*(?<name>${title} ${given}(?: ${given})?|${given} ${given})(?=,| -| –| \\(|\\s*\\n| \\d| lives)`,
    'u',
  ),
  new RegExp(`\\b(?<name>${title} ${given}(?: ${given})?)`, 'u'),
  /\b(?<name>(?:mr|mrs|ms|miss|dr)\.? \p{Ll}[\p{L}'’-]+)/u,
];

const notInNames = new Set(
  'New Window Windows Screen Screens Cleaning Hello Hi Hey Good Morning Afternoon Evening The She He They We Please Thanks Thank You Can Could Would Need Needs Want Wants House Home Two Three Interior Exterior Gutter Gutters Pressure Washing Quote Estimate Lead Inquiry Call Called Interested Looking Just Very Urgent Asap Google Facebook Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December Phone Email Address Old Elderly Customer Dog Free'.split(
    ' ',
  ),
);

/** The name somebody gives for themselves, or that stands where names stand; undefined when none does. */
export function findName(text: string): string | undefined {
  for (const pattern of introductions) {
    const name = capitals(pattern.exec(text)?.groups?.name)
      ?.replace(/^(Mr|Mrs|Ms|Dr)\./, '$1')
      .trim();
    if (name !== undefined && isName(name)) return name;
  }
  return undefined;
}

/** `mrs hart` as `Mrs Hart`. */
const capitals = (name: string | undefined) =>
  name?.replace(/(?<![\p{L}'’])\p{Ll}/gu, letter => letter.toUpperCase());

const isName = (name: string) => !name.split(' ').some(word => notInNames.has(word.replace(/['’]s$/, '')));

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
