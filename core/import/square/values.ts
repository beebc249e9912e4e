import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js';
import { z } from 'zod';
import { fold } from '../../kernel/words/fold.ts';
import { cleanLine, cleanText } from './text.ts';

const address = z.email().max(254);

/**
 * The addresses of an e-mail cell, lower case; usually one, some owners put two into one cell. Accented letters are
 * allowed (RFC 6531), otherwise zod's rule holds. `unreadable` is what was no address.
 */
export function readEmails(cell: string): { emails: string[]; unreadable: string[] } {
  const text = cleanText(cell);
  const parts = /[\s,;/|]/.test(text) ? text.split(/[\s,;/|]+/) : [text];
  const emails = new Set<string>();
  const unreadable: string[] = [];
  for (const part of parts) {
    if (part === '') continue;
    const email = part.normalize('NFC').toLowerCase();
    if (!address.safeParse(email.replace(/\P{ASCII}/gu, letterToX)).success) unreadable.push(part);
    else emails.add(email);
  }
  return { emails: [...emails], unreadable };
}

function letterToX(character: string): string {
  return /[\p{L}\p{N}\p{M}]/u.test(character) ? 'x' : character;
}

/** `as_written` is set when the cell says more than the number: an extension, or words such as "wife's cell". */
export interface PhoneCell {
  phones: string[];
  unreadable: string[];
  as_written: string;
}

type ToE164 = (text: string) => string | undefined;

const northAmerican = /^(\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})$/;

/**
 * A reader of phone cells that gives E.164 numbers. A North American number is valid or not by its first six digits, so
 * libphonenumber (20 µs a number) is asked once for each six of them, and for everything that is written unusually.
 */
export function phoneReader(country: CountryCode): (cell: string) => PhoneCell {
  const isNorthAmerica = getCountryCallingCode(country) === '1';
  const knownExchanges = new Map<string, boolean>();
  const toE164: ToE164 = text => {
    const [, prefix = '', area = '', exchange = '', line = ''] = northAmerican.exec(text) ?? [];
    if (line === '' || !(isNorthAmerica || prefix.startsWith('+'))) return parseE164(text, country);
    const valid = knownExchanges.get(area + exchange) ?? parseE164(text, country) !== undefined;
    knownExchanges.set(area + exchange, valid);
    return valid ? `+1${area}${exchange}${line}` : undefined;
  };
  return cell => readPhones(cleanText(cell), toE164);
}

function readPhones(text: string, toE164: ToE164): PhoneCell {
  if (text === '') return { phones: [], unreadable: [], as_written: '' };
  const parts = text.split(/[\n,;/|&]|\bor\b|\band\b/i).map(part => part.trim());
  const readable = parts.map(toE164);
  // A separator can also stand inside one number (256/555-0142): then only the whole cell makes sense.
  const whole = parts.length > 1 && readable.every(phone => phone === undefined) ? toE164(text) : undefined;
  const phones = whole === undefined ? readable.filter(phone => phone !== undefined) : [whole];
  const unreadable =
    whole === undefined ? parts.filter((part, index) => part !== '' && readable[index] === undefined) : [];
  const as_written = phones.length > 0 && /[\p{L}#]/u.test(text) ? text : '';
  return { phones: [...new Set(phones)], unreadable, as_written };
}

function parseE164(text: string, country: CountryCode): string | undefined {
  if (text === '') return undefined;
  const phone = parsePhoneNumberFromString(text.slice(0, 250), country);
  return phone?.isValid() ? phone.number : undefined;
}

/** `YYYY-MM-DD`, or `MM-DD` when the year is not known; undefined for what is no date. Square's own three spellings. */
export function readBirthday(text: string): string | undefined {
  if (text === '') return undefined;
  const yearFirst = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const yearLast = /^(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?$/.exec(text);
  const [year, month, day] = yearFirst
    ? [yearFirst[1], yearFirst[2], yearFirst[3]]
    : [yearLast?.[3], yearLast?.[1], yearLast?.[2]];
  if (month === undefined || day === undefined) return undefined;
  const known = year === '0000' || year === '1604' ? undefined : year;
  // A leap year stands in for an unknown one, so that 02-29 is a birthday.
  const days = new Date(Date.UTC(Number(known ?? 2000), Number(month), 0)).getUTCDate();
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > days) return undefined;
  const monthDay = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return known === undefined ? monthDay : `${known}-${monthDay}`;
}

/** Whole cents of an amount such as `$2,280.00`; undefined for what is no amount in that spelling. */
export function readCents(text: string): number | undefined {
  if (text === '') return undefined;
  const match = /^(-|\()?\s*[$£€]?\s*(-)?(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?\)?$/.exec(text);
  if (match === null) return undefined;
  const [, before, after, whole = '', fraction = ''] = match;
  const cents = Number(whole.replaceAll(',', '')) * 100 + Number(fraction.padEnd(2, '0'));
  return before !== undefined || after !== undefined ? -cents : cents;
}

/** An address as Square keeps it; what is not known is ''. */
export interface SquareAddress {
  line1: string;
  line2: string;
  city: string;
  state: string;
  postal_code: string;
  country: string;
  /** Where the customer is served, when left out. */
  type?: 'service' | 'billing';
  label?: string;
  notes?: string;
}

const sameWord: Record<string, string> = {
  street: 'st',
  road: 'rd',
  drive: 'dr',
  lane: 'ln',
  avenue: 'ave',
  av: 'ave',
  boulevard: 'blvd',
  court: 'ct',
  circle: 'cir',
  place: 'pl',
  highway: 'hwy',
  parkway: 'pkwy',
  trail: 'trl',
  terrace: 'ter',
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
  apartment: 'unit',
  apt: 'unit',
  suite: 'ste',
};

/** Equal for two spellings of one place: case, marks, `Street`/`St`, `Apt 4`/`#4`/`Unit 4`, and ZIP+4 do not count. */
export function addressKey(place: SquareAddress): string {
  const street = fold(`${place.line1} ${place.line2}`)
    .replaceAll('#', ' unit ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .map(word => sameWord[word] ?? word)
    .filter((word, index, all) => word !== 'unit' || all[index - 1] !== 'unit')
    .join(' ');
  const rest = [place.city, place.state, place.postal_code.replace(/^(\d{5})-\d{4}$/, '$1'), place.country];
  return [street, ...rest.map(part => fold(part).replace(/[^\p{L}\p{N}]+/gu, ''))].join('|');
}

/** `Yes` or `No` in Square's flags, whatever the case. */
export function readFlag(cell: string): string {
  const text = cleanLine(cell);
  return /^(yes|true)$/i.test(text) ? 'Yes' : /^(no|false)$/i.test(text) ? 'No' : text;
}
