import { createHash } from 'node:crypto';
import { comparableName } from '../../contacts/names.ts';
import { fold } from '../../kernel/words/fold.ts';
import { nameOf, type SquareRow } from './row.ts';
import { addressKey, type SquareAddress } from './values.ts';

/** One person or organization of the file, from one or several rows (line numbers, header = 1). Unknown text is ''. */
export interface SquareContact {
  rows: number[];
  kind: 'person' | 'organization';
  first_name: string;
  last_name: string;
  company_name: string;
  nickname?: string;
  /** How the other rows write the name, where they write it differently. */
  other_names: { first_name: string; last_name: string; company_name: string }[];
  /** Lower case. Square does not say home or work: `work` for an organization, otherwise `other`. */
  emails: { email: string; type: 'home' | 'work' | 'other'; primary: boolean }[];
  /** E.164. */
  phones: { number: string; type: string; primary: boolean }[];
  /** Distinct places, the first row's first. */
  addresses: SquareAddress[];
  /** Distinct, as written and **not redacted**: the pipeline does that before anything is stored (SAN-06). */
  memos: string[];
  /** `YYYY-MM-DD`, or `MM-DD` without a year. */
  birthday?: string;
  square_ids: string[];
  reference_ids: string[];
  /** false when any of the rows unsubscribed; undefined when Square does not know. */
  email_opt_in: boolean | undefined;
  /** Square's other columns and every unknown column, by snake_case key; not redacted either. */
  custom_fields: Record<string, string>;
  /** Where the ids are from, when that is not Square. */
  system?: string;
  /** Other fields of a customer, as they are kept. */
  fields?: Record<string, unknown>;
}

const mostOtherNames = 20;

/** Joins the rows of one person, given in the order of the file; nothing that differs is dropped. */
export function contactOf(rows: readonly SquareRow[]): SquareContact {
  const main = bestNamed(rows);
  const kind = isOrganization(rows) ? 'organization' : 'person';
  const type = kind === 'organization' ? 'work' : 'other';
  const companies = distinct(
    (rows.length === 1 ? rows : [main, ...rows]).map(row => row.company_name),
    fold,
  );
  const nicknames = distinct(
    rows.map(row => row.nickname),
    fold,
  );
  const birthdays = distinct(rows.map(row => row.birthday));
  const [nickname] = nicknames;
  const [birthday] = birthdays;
  const contact: SquareContact = {
    rows: rows.map(row => row.line),
    kind,
    first_name: main.first_name,
    last_name: main.last_name,
    company_name: companies[0] ?? '',
    other_names: otherNames(rows, main, kind),
    emails: distinct(rows.flatMap(row => row.emails)).map((email, index) => ({
      email,
      type,
      primary: index === 0,
    })),
    phones: distinct(rows.flatMap(row => row.phones)).map((number, index) => ({
      number,
      type: rows.find(row => row.phone_types?.[number])?.phone_types?.[number] ?? type,
      primary: index === 0,
    })),
    addresses: distinctAddresses(rows),
    memos: distinct(rows.map(row => row.memo)),
    square_ids: distinct(rows.map(row => row.square_id)),
    reference_ids: distinct(rows.map(row => row.reference_id)),
    email_opt_in: joinOptIn(rows),
    custom_fields:
      rows.length === 1 ? main.custom_fields : joinFields(rows, { companies, nicknames, birthdays }),
  };
  if (nickname !== undefined) contact.nickname = nickname;
  if (birthday !== undefined) contact.birthday = birthday;
  if (main.system !== undefined) contact.system = main.system;
  if (main.fields !== undefined) contact.fields = joinOtherFields(rows);
  return contact;
}

/**
 * The keys by which a contact is recognised on a second run: any one in common means the same contact, and no two
 * contacts of one reading have one in common. E-mail and phone always go with the name, because families share both:
 * `square:<id>`, `email:<address>|<name key>`, `phone:<E.164>|<name key>`. A contact with none of the three has one
 * `record:<digest>` over everything it says, so that importing the same file again does not double it either.
 */
export function contactKeys(contact: SquareContact): string[] {
  const names = distinctKeys([contact, ...contact.other_names].map(name => comparableName(name).key));
  const keys = [
    ...contact.square_ids.map(id => `${contact.system ?? 'square'}:${id}`),
    ...contact.emails.flatMap(({ email }) => names.map(name => `email:${email}|${name}`)),
    ...contact.phones.flatMap(({ number }) => names.map(name => `phone:${number}|${name}`)),
  ];
  if (keys.length > 0) return keys;
  const { rows, fields, ...content } = contact;
  return [`record:${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)}`];
}

function distinctKeys(keys: string[]): string[] {
  const named = keys.filter(key => key !== '');
  return named.length === 0 ? [''] : [...new Set(named)];
}

/** Distinct by `by`, in order, the empty ones left out. */
function distinct(texts: string[], by: (text: string) => string = text => text): string[] {
  if (texts.length === 1) return texts[0] === '' ? [] : texts;
  const seen = new Map<string, string>();
  for (const text of texts) if (text !== '' && !seen.has(by(text))) seen.set(by(text), text);
  return [...seen.values()];
}

function isOrganization(rows: readonly SquareRow[]): boolean {
  const isPerson = rows.some(row => row.first_name !== '' || row.last_name !== '' || row.nickname !== '');
  return !isPerson && rows.some(row => row.company_name !== '');
}

/** The row with the fullest spelling of the name: both names, no mere initial, not all capitals; else the first. */
function bestNamed(rows: readonly SquareRow[]): SquareRow {
  return rows.reduce((best, row) => (nameQuality(row) > nameQuality(best) ? row : best));
}

function nameQuality(row: SquareRow): number {
  const { first_name, last_name } = row;
  const written = first_name + last_name;
  const full = first_name !== '' && last_name !== '' ? 8 : written !== '' ? 4 : 0;
  const longer = nameOf(row).given.join('').length > 1 ? 2 : 0;
  const mixed = written !== written.toUpperCase() && written !== written.toLowerCase() ? 1 : 0;
  return full + longer + mixed;
}

function otherNames(rows: readonly SquareRow[], main: SquareRow, kind: SquareContact['kind']) {
  if (rows.length === 1) return [];
  const written = ({ first_name, last_name, company_name }: SquareRow) => ({
    first_name,
    last_name,
    company_name: kind === 'organization' ? company_name : '',
  });
  const names = new Map(rows.map(row => [JSON.stringify(written(row)), written(row)]));
  names.delete(JSON.stringify(written(main)));
  names.delete(JSON.stringify({ first_name: '', last_name: '', company_name: '' }));
  return [...names.values()].slice(0, mostOtherNames);
}

function distinctAddresses(rows: readonly SquareRow[]): SquareAddress[] {
  const addresses = rows
    .flatMap(row => [row.address, ...(row.more_addresses ?? [])])
    .filter(address => address !== undefined);
  if (addresses.length < 2) return addresses;
  const places = new Map<string, SquareAddress>();
  for (const address of addresses) {
    const key = addressKey(address);
    if (!places.has(key)) places.set(key, address);
  }
  return [...places.values()];
}

function joinOptIn(rows: readonly SquareRow[]): boolean | undefined {
  if (rows.some(row => row.email_opt_in === false)) return false;
  return rows.some(row => row.email_opt_in === true) ? true : undefined;
}

/** The first row that says something decides; tags of all of them count. */
function joinOtherFields(rows: readonly SquareRow[]): Record<string, unknown> {
  const joined: Record<string, unknown> = {};
  for (const [name, value] of rows.flatMap(row => Object.entries(row.fields ?? {}))) {
    const before = joined[name];
    if (Array.isArray(before) && Array.isArray(value)) joined[name] = [...new Set([...before, ...value])];
    else joined[name] = before ?? value;
  }
  return joined;
}

const summed = ['transaction_count', 'lifetime_spend_cents'];
const figures = ['first_visit', 'last_visit', ...summed];

/** Custom fields of several rows: figures add up, visits widen, a flag once set stays set, other texts stand side by side. */
function joinFields(
  rows: readonly SquareRow[],
  taken: { companies: string[]; nicknames: string[]; birthdays: string[] },
): Record<string, string> {
  // Two profiles with the very same visits and figures are a copy of one another: those count once.
  const figuresOf = (row: SquareRow) => JSON.stringify(figures.map(key => row.custom_fields[key] ?? ''));
  const copies = [...new Map(rows.map(row => [figuresOf(row), row])).values()];
  const joined: Record<string, string> = {};
  for (const key of new Set(rows.flatMap(row => Object.keys(row.custom_fields)))) {
    const values = (summed.includes(key) ? copies : rows)
      .filter(row => Object.hasOwn(row.custom_fields, key))
      .map(row => row.custom_fields[key] ?? '');
    joined[key] = joinValues(key, values);
  }
  const keepOthers = (key: string, [, ...others]: string[]) => {
    if (others.length > 0) joined[key] = others.join('; ');
  };
  keepOthers('other_company_name', taken.companies);
  keepOthers('other_nickname', taken.nicknames);
  keepOthers('other_birthday', taken.birthdays);
  return joined;
}

function joinValues(key: string, values: string[]): string {
  if (summed.includes(key) && values.every(value => /^-?\d{1,14}$/.test(value))) {
    return String(values.reduce((sum, value) => sum + Number(value), 0));
  }
  if (key === 'birthday') return values[0] ?? '';
  const isDate = values.every(value => /^\d{4}-\d{2}-\d{2}/.test(value));
  if (key === 'first_visit' && isDate) return values.reduce((a, b) => (a < b ? a : b));
  if (key === 'last_visit' && isDate) return values.reduce((a, b) => (a > b ? a : b));
  const isFlag = key === 'instant_profile' || key === 'blocked_from_online_booking';
  if (isFlag && values.includes('Yes')) return 'Yes';
  return distinct(values).join('; ');
}
