import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fc } from '../support/properties.ts';

/** The shared table of texts with what has to be found in each. */
export const vectors = z
  .array(z.strictObject({ input: z.string(), expect: z.enum(['CARD', 'SSN', 'CVV', 'NONE']) }))
  .parse(JSON.parse(await readFile(new URL('../fixtures/redaction-vectors.json', import.meta.url), 'utf8')));

export const card = '[REDACTED CARD ..4242]';
export const ssn = '[REDACTED SSN]';
export const cvv = '[REDACTED CVV]';

/** What is written, and what is left of it: the whole text, so that a changed neighbour would show. */
export const removed: Readonly<Record<string, readonly [string, string]>> = {
  'a card in one group': ['Jane paid with 4242424242424242 today.', `Jane paid with ${card} today.`],
  'a card in four groups of four': ['(4242-4242-4242-4242)', `(${card})`],
  'an American Express card in 4-6-5': ['3782-822463-10005!', '[REDACTED CARD ..0005]!'],
  'a Diners Club card in 4-6-4': ['3056 930902 5904', '[REDACTED CARD ..5904]'],
  'a card of 19 digits in 4-4-4-4-3': ['6205 5000 0000 0000 004', '[REDACTED CARD ..0004]'],
  'a card in two halves of eight': ['42424242 42424242', card],
  'a card of the new Mastercard range': ['2223003122003222', '[REDACTED CARD ..3222]'],
  'cards at the ends of their ranges': [
    '2221000000000090 2720999999999970, 3528000000000080 370000000000002',
    '[REDACTED CARD ..0090] [REDACTED CARD ..9970], [REDACTED CARD ..0080] [REDACTED CARD ..0002]',
  ],
  'a JCB card': ['3566002020360505', '[REDACTED CARD ..0505]'],
  'a Maestro card': ['6759 6498 2643 8453', '[REDACTED CARD ..8453]'],
  'any other grouping near a card word': ['Visa: 42424 24242 42424 2', `Visa: ${card}`],
  'single digits before a card word': ['4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2 is her card', `${card} is her card`],
  'a card with dots': ['4242.4242.4242.4242.', `${card}.`],
  'a card with no-break spaces': [
    'no\u00a04242\u00a04242\u00a04242\u00a04242\u00a0',
    `no\u00a0${card}\u00a0`,
  ],
  'a card with en dashes and spaces': ['4242 – 4242 – 4242 – 4242', card],
  'a card with a no-break space and an en dash': ['4242\u00a04242–4242 4242', card],
  'a card with wide gaps': ['4242  -  4242  -  4242  -  4242', card],
  'a card with mixed separators': ['4242-4242 4242/4242', card],
  'a card with underscores': ['4242_4242_4242_4242', card],
  'a card over two lines of Windows text': ['4242 4242\r\n4242 4242\r\n', `${card}\r\n`],
  'a card in full-width digits': ['番号４２４２４２４２４２４２４２４２です', `番号${card}です`],
  'a card in Arabic-Indic digits': ['٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢', card],
  'a card in mathematical digits': ['𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐𝟒𝟐 😀', `${card} 😀`],
  'a card with characters without width': [
    '\u200b4\u200b242 42\u206042 4\ufeff242 42\u00ad42\u200b',
    `\u200b${card}\u200b`,
  ],
  'a card glued to a word': ['CC#4242424242424242exp1226', `CC#${card}exp1226`],
  'a card with expiry date and security code': [
    '4242 4242 4242 4242 12/26 cvc: 123',
    `${card} 12/26 cvc: ${cvv}`,
  ],
  'a card in key caps': [`${'4\ufe0f\u20e32\ufe0f\u20e3'.repeat(8)}.`, `${card}\ufe0f\u20e3.`],
  'a social security number digit by digit after a word': ['SSN 1 2 3 4 5 6 7 8 9', `SSN ${ssn}`],
  'two cards': ['4242424242424242, 5555555555554444', `${card}, [REDACTED CARD ..4444]`],
  'a social security number with dashes': ['SSN 123-45-6789, born 1980', `SSN ${ssn}, born 1980`],
  'a social security number with spaces': ['it is 123 45 6789.', `it is ${ssn}.`],
  'a social security number before a date': ['123-45-6789 01/02/1980', `${ssn} 01/02/1980`],
  'nine bare digits after a word': [
    'her social security number is 078051120',
    `her social security number is ${ssn}`,
  ],
  'nine bare digits after an exclamation': ['SSN! 078051120 SSN！078051120', `SSN! ${ssn} SSN！${ssn}`],
  'a social security number with a letter behind it': [
    '123-45-6789A and 123-45-6789, B',
    `${ssn}A and ${ssn}, B`,
  ],
  'an ITIN': ['912-70-1234', ssn],
  'a number that was never issued but is called one': ['SSN: 000-12-3456', `SSN: ${ssn}`],
  'a security code of three digits': ['CVV=123;', `CVV=${cvv};`],
  'a security code of four digits': ['cvc code is 1234', `cvc code is ${cvv}`],
  'a security code after CVV2': ['CVV2 123', `CVV2 ${cvv}`],
};

/** The same for numbers in odd shapes or disguised, which the script of the close-out leaves to the server. */
export const disguised: Readonly<Record<string, readonly [string, string]>> = {
  'a card with commas': ['4242,4242,4242,4242', card],
  'a card with commas of two scripts': ['4242,4242、4242،4242', card],
  'a card with commas and spaces': ['4242, 4242, 4242, 4242, thanks', `${card}, thanks`],
  'a card with bars': ['4242|4242|4242|4242 and 4242 | 4242 | 4242 | 4242', `${card} and ${card}`],
  'a card with stars, arrows and letters': ['4242*4242*4242*4242 4242→4242→4242→4242', `${card} ${card}`],
  'a card in brackets': ['(4242) (4242) (4242) (4242)', `(${card})`],
  'a card with any words between near a card word': [
    'her card: 4242 4242 and the other half is 4242 4242',
    `her card: ${card}`,
  ],
  'a card with the same word between': ['4242 uh 4242 uh 4242 uh 4242', card],
  'a social security number with commas or words for its dashes': [
    '123,45,6789 and 123 dash 45 dash 6789',
    `${ssn} and ${ssn}`,
  ],
  'a card with words between': ['4242 then 4242 then 4242 4242', card],
  'a card in two halves with a word between': ['4242 4242, followed by 4242 4242', card],
  'a card told step by step': ['first 4242, then 4242, after that 4242, and finally 4242.', `first ${card}.`],
  'a card digit by digit': ['4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2', card],
  'a card spoken': ['Four two four two, four two four two, four two four two, four two four two', card],
  'a card half spoken': ['4 two 4 two 4 two 4 two 4 two 4 two 4 two 4 two!', `${card}!`],
  'a card in circled digits': ['④②④②④②④②④②④②④②④②', card],
  'a card in raised digits': ['⁴²⁴² ⁴²⁴² ⁴²⁴² ⁴²⁴²', card],
  'a card in lowered digits': ['₄₂₄₂₄₂₄₂₄₂₄₂₄₂₄₂', card],
  'a card in Chinese digits': ['四二四二 四二四二 四二四二 四二四二', card],
  'a card with invisible tags': [`4242${'\u{e0041}'}4242\u31644242\u180b4242`, card],
  'a key of an agent': [
    'key=dh_Xk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9Qa_-, keep it',
    'key=[REDACTED KEY], keep it',
  ],
  'a key of an agent without digits': ['use dh_XkvqQaXkvqQaXkvqQaXkvqQaXkvqQa', 'use [REDACTED KEY]'],
  'secrets of services': [
    'whsec_dGhlIHNlY3JldCBvZiBhIHBhZ2U= sk_live_XkvqQaXkvqQaXkvqQaXkvq rk_test_XkvqQaXkvqQaXkvqQaXkvq',
    '[REDACTED KEY] [REDACTED KEY] [REDACTED KEY]',
  ],
  'a link to sign in without digits': [
    '/sign-in/XkvqQaXkvqQaXkvqQaXkvqQaXkvqQaXkvqQaXkvqQa_-',
    '/sign-in/[REDACTED LINK]',
  ],
  'a link to sign in': [
    'https://x.example/sign-in/Xk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9Qa_-?a=1',
    'https://x.example/sign-in/[REDACTED LINK]?a=1',
  ],
  'a link of a customer': [
    'open https://x.example%2Fu%2FXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9Qa_- or /u/Xk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9Qa_-.',
    'open https://x.example%2Fu%2F[REDACTED LINK] or /u/[REDACTED LINK].',
  ],
};

/** Texts in which nothing may be touched. */
export const kept: Readonly<Record<string, string>> = {
  'two phone numbers in a row': '555-123-4567 555-987-6543',
  'two phone numbers in a row after a card word': 'Card declined: 555 123 4567 555 987 6543',
  'a phone number that continues like a Visa card': 'Card declined: 415 555 0109 415 555 0199',
  'a phone number that ends like a Diners Club card': 'Card declined: 256 555 3630 256 555 0199',
  'an international phone number that looks like a Visa card': '+4915112345603',
  'a phone number with an area code': '(256) 555-1234',
  'a ZIP+4': 'Madison AL 35758-1234',
  'a ZIP+4 without its dash': 'zip 357581234',
  'an epoch time in milliseconds': 'at 1795219200000 and 1795219200008',
  'an order number made of a date': 'ORD-20261121-000123 / 20261121000123',
  'a UUID': '550e8400-e29b-41d4-a716-446655440000',
  'a UUID of digits after a card word': 'card 42424242-4242-4242-8242-424242424242',
  'a UPS tracking number': '1Z4242424242424242',
  'a USPS tracking number': '9400111899223100001234',
  'ISO dates': '2026-01-15 2026-01-20 2026-11-21T14:30:00.000Z',
  'American dates': 'card 11/21/2026 11/22/2026',
  'an amount': '$4,242,424,242,424,242.00',
  'a serial number with a wrong check digit': 'serial 4242 4242 4242 4243',
  'an IMEI, which has a valid check digit': 'IMEI 356938035643809',
  'a card number inside a longer number': '94242424242424242000',
  'an unusual grouping without a card word': 'rooms 42424 24242 42424 2',
  'a card word that is only part of a word': 'cardboard 42424 24242 42424 2',
  'a card word more than 40 characters away': `card${'.'.repeat(41)}42424 24242 42424 2`,
  'nine bare digits': 'routing 021000021',
  'nine digits after another number': 'SSN unknown, job 12, account 123456788',
  'a number with different marks': '123-45.6789',
  'a number with two marks each time': '123-.45-.6789',
  'a list of numbers, one to a line': '123\n45\n6789',
  'groups too far apart': `4242${' '.repeat(6)}4242${' '.repeat(6)}4242${' '.repeat(6)}4242`,
  'numbers just outside the ranges of the issuers':
    '2220000000000000 2721000000000020 3527000000000040 5600000000000060 380000000000000',
  'a number just outside the ranges of ITINs': '912-66-1234',
  'nine bare digits after an earlier marker': '[REDACTED SSN] 078051120',
  'a piece of a longer reference': '17-123-45-6789',
  'a part number': 'PN123-45-6789',
  'a number of an area that does not exist': '666-12-3456',
  'a serial of zeros': '123-45-0000',
  'digits after a word that contains cvv': 'cvvs 123',
  'a security code that was never given': 'cvv not asked, 120 panes',
  'a tracking number of the post in groups': '9205 5555 5555 5555 4444 56',
  measures: '120x45x1200, 120*45*1200, 120 x 45 x 1200, 120 × 45 × 1200',
  'cells of a row': 'a,120,45,1200,b',
  'the beginning of a key': 'dh_Xk3v9Qa is the visible beginning',
  'a name at another place with /u/': 'https://www.reddit.com/u/windowcleaner',
  'words with numbers': 'one or two windows, three or four screens, five doors, six steps, seven rugs',
  'earlier markers': `${card} ${ssn} ${cvv} [REDACTED]`,
};

/** Texts that look like a number which would be one without a closer look. */
export const lookalikes: Readonly<Record<string, string>> = {
  'gate codes in a row': 'codes 4242, 4242, 4242 and 4242',
  'prices in a row': '$4242, $4242, $4242, $4242',
  'ranges of house numbers': '4242 to 4242 and 4242 to 4242',
  'two order numbers': '4242-4242 and 4242-4242',
  'two references of eight digits': '42424242, 42424242',
  'an IBAN': 'DE89 3704 0044 0532 0130 00, PL26 4242 4242 4242 4242 1234 5696, de89370400440532013000 paid',
};

/** Texts of fragments that are, nearly are, or stand next to what the rule looks for. */
export function hostileText(isDisguised = false): fc.Arbitrary<string> {
  const numbers = [
    ...vectors.map(vector => vector.input),
    ...Object.values(removed).map(([input]) => input),
    ...Object.values(kept),
  ];
  const digits = [
    '4',
    '2',
    '42',
    '242',
    '4242',
    '424242',
    '12',
    '123',
    '45',
    '6789',
    '55',
    '900',
    '078051120',
  ];
  const words = [
    'card',
    'Visa',
    'ＶＩＳＡ',
    'creditcard',
    'cardboard',
    'cc',
    'SSN',
    'social',
    'tin',
    'cvv',
    'CVC2',
    'no',
    'is',
    'x',
    'É',
    'K',
    '漢',
    '😀',
  ];
  const marks = [
    ' ',
    ' ',
    '-',
    '.',
    '/',
    '_',
    '\n',
    '\r\n',
    '\t',
    ' - ',
    ',',
    ':',
    '+',
    '#',
    '!',
    '`',
    '~',
    '\\',
    '[',
    ']',
    '|',
  ];
  const rareMarks = [
    '\u00a0',
    '\u2013',
    '\u2212',
    '\u200b',
    '\u00ad',
    '\u0301',
    '\ufe0f',
    '\u2028',
    '\u0085',
    '\u3000',
    '€',
    '．',
    '－',
    '！',
    '｀',
    '＼',
  ];
  const disguises = [
    ...Object.values(disguised).map(([input]) => input),
    ...Object.values(lookalikes),
    ...['and', 'then', ' then ', ', ', ' | ', '$', '*', 'dash', 'four', 'two', 'oh', 'de89', '①', '²', '、'],
    'dh_Xk3v9QaXk3v9QaXk3v9Qa',
    '/u/Xk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9QaXk3v9Qa_-',
  ];
  const fragment = fc.oneof(
    { weight: isDisguised ? 5 : 0, arbitrary: fc.constantFrom(...disguises) },
    { weight: 3, arbitrary: fc.constantFrom(...numbers) },
    { weight: 4, arbitrary: fc.constantFrom(...digits) },
    { weight: 3, arbitrary: fc.constantFrom(...words) },
    { weight: 6, arbitrary: fc.constantFrom(...marks) },
    { weight: 2, arbitrary: fc.constantFrom(...rareMarks) },
    { weight: 1, arbitrary: fc.nat(50).map(length => '.'.repeat(length)) },
    // PostgreSQL has no NUL in a text.
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'binary', maxLength: 4 }).map(text => text.replaceAll('\0', '')),
    },
  );
  return fc.array(fragment, { maxLength: 24 }).map(fragments => fragments.join(''));
}
