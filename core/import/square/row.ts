import { isSupportedCountry } from 'libphonenumber-js';
import { type ComparableName, comparableName, type WrittenName } from '../../contacts/names.ts';
import type { SquareColumn, SquareLayout } from './header.ts';
import { cleanLine, cleanText, looksLikeFormula } from './text.ts';
import { phoneReader, readBirthday, readCents, readEmails, readFlag, type SquareAddress } from './values.ts';

/** One row of the file, read but not yet joined with the other rows of the same person. */
export interface SquareRow extends Required<WrittenName> {
  line: number;
  emails: string[];
  phones: string[];
  address: SquareAddress | undefined;
  memo: string;
  birthday: string;
  square_id: string;
  reference_id: string;
  email_opt_in: boolean | undefined;
  custom_fields: Record<string, string>;
  /** Where the id is from, when that is not Square. */
  system?: string;
  /** What telephone each number is: mobile, home, work. */
  phone_types?: Record<string, string>;
  /** Places besides the one above. */
  more_addresses?: SquareAddress[];
  /** Other fields of a customer, as they are kept. */
  fields?: Record<string, unknown>;
  /** Filled in by `nameOf`: most rows meet nobody, and their names need no comparing. */
  comparable: ComparableName | undefined;
}

/** Something about a row that the owner should know although the row was taken. `row` is a line number of the file. */
export interface SquareNotice {
  row: number;
  message: string;
}

type Cell = (column: SquareColumn) => string;
/** Keeps a text as a custom field; false when there is none. */
type Keep = (key: string, text: string) => boolean;

/**
 * Makes a reader of rows: cells → a row with its notices, or the reason why nobody can be made of it. Throws RangeError
 * for a country that is none (a mistake of the caller, not of the file).
 */
export function rowReader(layout: SquareLayout, country: string) {
  if (!isSupportedCountry(country)) throw new RangeError(`"${country}" is no country code such as US.`);
  const readPhone = phoneReader(country);
  const mosts = longestOf(layout);
  return function readRow(line: number, cells: readonly string[]) {
    const tooLong = refuseLong(layout, mosts, cells);
    if (tooLong !== undefined) return { refused: tooLong };
    const raw: Cell = column => cells[layout.place.get(column) ?? -1] ?? '';
    const get: Cell = column => cleanLine(raw(column));
    const messages: string[] = [];
    const fields: Record<string, string> = {};
    const keep: Keep = (key, text) => {
      if (text !== '') fields[key] = text;
      return text !== '';
    };

    const { emails, unreadable: badEmails } = readEmails(raw('email'));
    const { phones, unreadable: badPhones, as_written } = readPhone(raw('phone'));
    const written = {
      first_name: get('first_name'),
      last_name: get('last_name'),
      company_name: get('company_name'),
      nickname: get('nickname'),
    };
    if (emails.length + phones.length === 0 && Object.values(written).every(text => text === '')) {
      return { refused: refusal(badEmails.length > 0, badPhones.length > 0) };
    }
    if (keep('unreadable_email', badEmails.join('; '))) {
      messages.push('The e-mail address cannot be read; it is kept as the custom field unreadable_email.');
    }
    if (keep('unreadable_phone', badPhones.join('; '))) {
      messages.push('The phone number cannot be read; it is kept as the custom field unreadable_phone.');
    }
    keep('phone_as_written', as_written);
    const birthday = readBirthday(get('birthday')) ?? '';
    if (!keep('birthday', birthday) && keep('unreadable_birthday', get('birthday'))) {
      messages.push('The birthday cannot be read; it is kept as the custom field unreadable_birthday.');
    }
    readFigures(get, keep, messages);
    for (const { key, index } of layout.unknown) keep(key, cleanText(cells[index] ?? ''));
    formulaMessages(layout, cells, messages);
    const address = readAddress(get, country, keep, messages);
    const row: SquareRow = {
      line,
      ...written,
      emails,
      phones,
      address,
      memo: cleanText(raw('memo')),
      birthday,
      square_id: get('square_id'),
      reference_id: get('reference_id'),
      email_opt_in: readOptIn(get('email_subscription_status'), keep),
      custom_fields: fields,
      comparable: undefined,
    };
    return { row, notices: messages.map(message => ({ row: line, message })) };
  };
}

/** The row's name made ready for comparing. */
export function nameOf(row: SquareRow): ComparableName {
  row.comparable ??= comparableName(row);
  return row.comparable;
}

/** What an owner calls the row: the person, else the company, else how to reach them. */
export function rowTitle(row: SquareRow): string {
  const person = [row.first_name, row.last_name].filter(part => part !== '').join(' ');
  return person || row.company_name || row.nickname || row.emails[0] || row.phones[0] || '';
}

function refusal(hasBadEmail: boolean, hasBadPhone: boolean): string {
  const bad = [hasBadEmail ? 'e-mail address' : '', hasBadPhone ? 'phone number' : ''].filter(
    part => part !== '',
  );
  const nobody =
    'The row has no name, company, e-mail address or phone number, so nobody could be found by it.';
  return bad.length === 0 ? nobody : `${nobody} Its ${bad.join(' and ')} cannot be read.`;
}

/** What names and keys are made of, and an index of the database holds. */
const short: readonly SquareColumn[] = [
  ...(['first_name', 'last_name', 'company_name', 'nickname', 'square_id', 'reference_id'] as const),
  ...(['line1', 'line2', 'city', 'state', 'postal_code', 'country'] as const),
];
const mostShort = 200;
const mostLong = 100_000;

/** How many characters each cell may have. More is a quotation mark that was lost, not something a customer said. */
function longestOf({ width, place }: SquareLayout): number[] {
  const mosts = Array.from({ length: width }, () => mostLong);
  for (const column of short) {
    const index = place.get(column);
    if (index !== undefined) mosts[index] = mostShort;
  }
  return mosts;
}

/** The reason why a row with too long a cell is not taken; undefined when all of them fit. */
function refuseLong(
  { names }: SquareLayout,
  mosts: readonly number[],
  cells: readonly string[],
): string | undefined {
  const index = cells.findIndex((cell, at) => cell.length > (mosts[at] ?? mostLong));
  if (index < 0) return undefined;
  return `The cell "${names[index]}" has ${cells[index]?.length} characters; at most ${mosts[index]} can be taken.`;
}

/** A place to drive to has a street; what is known of another one is kept beside the customer. */
function readAddress(get: Cell, country: string, keep: Keep, messages: string[]): SquareAddress | undefined {
  const [line1 = '', line2 = ''] = [get('line1'), get('line2')].filter(text => text !== '');
  const address = {
    line1,
    line2,
    city: get('city'),
    state: get('state'),
    postal_code: get('postal_code'),
    country: get('country') || country,
  };
  if (line1 !== '') return address;
  if (address.city === '' && address.postal_code === '') return undefined;
  const known = [address.city, address.state, address.postal_code, address.country];
  keep('incomplete_address', known.filter(text => text !== '').join(', '));
  messages.push('The address has no street; it is kept as the custom field incomplete_address.');
  return undefined;
}

function readOptIn(status: string, keep: Keep): boolean | undefined {
  if (/^subscribed$/i.test(status)) return true;
  if (/^unsubscribed$/i.test(status)) return false;
  if (!/^unknown$/i.test(status)) keep('email_subscription_status', status);
  return undefined;
}

/** What Square counts and knows about the profile; kept as custom fields. */
function readFigures(get: Cell, keep: Keep, messages: string[]): void {
  keep('creation_source', get('creation_source'));
  keep('first_visit', get('first_visit'));
  keep('last_visit', get('last_visit'));
  keep('transaction_count', get('transaction_count'));
  const spend = get('lifetime_spend');
  const cents = readCents(spend);
  if (cents !== undefined) keep('lifetime_spend_cents', String(cents));
  else if (keep('lifetime_spend', spend)) {
    messages.push(
      'The lifetime spend cannot be read as an amount; it is kept as the custom field lifetime_spend.',
    );
  }
  keep('instant_profile', readFlag(get('instant_profile')));
  keep('blocked_from_online_booking', readFlag(get('blocked_from_online_booking')));
}

/** Nothing here runs a formula, but the owner should know that somebody tried, or that a spreadsheet left one. */
function formulaMessages(layout: SquareLayout, cells: readonly string[], messages: string[]): void {
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] ?? '';
    if (!mayBeFormula(cell.charCodeAt(0)) || !looksLikeFormula(cleanText(cell))) continue;
    messages.push(
      `The cell "${layout.names[index]}" looks like a spreadsheet formula; it is kept as plain text.`,
    );
  }
}

/** Most cells start with a letter or a digit, and two million of them are asked: = @ signs, space and beyond ASCII may. */
function mayBeFormula(first: number): boolean {
  return first < 48 || first === 61 || first === 64 || first > 126;
}
