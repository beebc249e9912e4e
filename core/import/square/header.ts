import { fold } from '../../kernel/words/fold.ts';
import { quote } from '../../kernel/words/quote.ts';
import { SquareFormatError } from './format-error.ts';
import { cleanLine } from './text.ts';

/** Square's columns with the other names Square itself has used for them (other countries, the import template). */
const columnNames = {
  reference_id: ['Reference ID'],
  first_name: ['First Name', 'Given Name'],
  last_name: ['Last Name', 'Surname', 'Family Name'],
  email: ['Email Address', 'E-mail Address'],
  phone: ['Phone Number'],
  nickname: ['Nickname'],
  company_name: ['Company Name', 'Company', 'Business Name'],
  line1: ['Street Address 1', 'Street Address', 'Address Line 1'],
  line2: ['Street Address 2', 'Address Line 2'],
  city: ['City', 'Suburb', 'Town'],
  state: ['State', 'Province', 'State/Province', 'County', 'Region'],
  postal_code: ['Postal Code', 'Postcode', 'Zip Code', 'Zip'],
  country: ['Country'],
  birthday: ['Birthday', 'Date of Birth'],
  memo: ['Memo', 'Note', 'Notes'],
  square_id: ['Square Customer ID', 'Customer ID'],
  creation_source: ['Creation Source'],
  first_visit: ['First Visit'],
  last_visit: ['Last Visit'],
  transaction_count: ['Transaction Count'],
  lifetime_spend: ['Lifetime Spend'],
  email_subscription_status: ['Email Subscription Status'],
  instant_profile: ['Instant Profile'],
  blocked_from_online_booking: ['Blocked from online booking'],
} as const;

export type SquareColumn = keyof typeof columnNames;

/** Without one of these a file is no customer list, or a column was lost on the way; both are worth stopping for. */
const essential: SquareColumn[] = ['first_name', 'last_name', 'email', 'phone'];

const maxColumns = 500;

/** Which cell is which. `unknown` are the columns Square does not have: they become custom fields under `key`. */
export interface SquareLayout {
  width: number;
  /** The header as written, cleaned. */
  names: string[];
  place: Map<SquareColumn, number>;
  unknown: { key: string; name: string; index: number }[];
}

const columnByName = new Map<string, SquareColumn>(
  keysOf(columnNames).flatMap(column => columnNames[column].map(name => [squeeze(name), column] as const)),
);

/**
 * Finds Square's columns by name: any order, any case, spaces and punctuation do not matter. A column that is there
 * twice counts once, its second self is an unknown column. Throws SquareFormatError naming the missing columns and
 * those found.
 */
export function readHeader(cells: readonly string[]): SquareLayout {
  if (cells.length > maxColumns) {
    throw new SquareFormatError(
      `The first line has ${cells.length} columns; a Square customer export has about 25.`,
    );
  }
  const place = new Map<SquareColumn, number>();
  const unknown: SquareLayout['unknown'] = [];
  const taken = new Set<string>(keysOf(columnNames));
  cells.forEach((cell, index) => {
    const name = cleanLine(cell);
    const column = columnByName.get(squeeze(name));
    if (column !== undefined && !place.has(column)) {
      place.set(column, index);
    } else {
      unknown.push({ key: freeKey(name, index, taken), name: name || `column ${index + 1}`, index });
    }
  });
  const missing = essential.filter(column => !place.has(column)).map(column => columnNames[column][0]);
  if (missing.length > 0) {
    const found = cells.map(cell => cleanLine(cell).slice(0, 60)).filter(name => name !== '');
    throw missingColumns(missing, found.slice(0, 60));
  }
  return { width: cells.length, names: cells.map(cleanLine), place, unknown };
}

function missingColumns(missing: string[], found: string[]): SquareFormatError {
  const wanted = missing.map(name => `"${name}"`).join(', ');
  return new SquareFormatError(
    `This is not a Square customer export: the first line has no column ${wanted}. ` +
      `Found: ${found.map(quote).join(', ') || 'nothing'}. In Square, use Customers, Import/Export, Export customers.`,
    { missing, found },
  );
}

function squeeze(name: string): string {
  return fold(name).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Custom field keys built by the reading itself; a foreign column of that name must not mix with them. */
const ownKeys = [
  'lifetime_spend_cents',
  'unreadable_email',
  'unreadable_phone',
  'unreadable_birthday',
  'phone_as_written',
  'other_company_name',
  'other_nickname',
  'other_birthday',
];

function freeKey(name: string, index: number, taken: Set<string>): string {
  const snake = fold(name)
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 60);
  const wanted = snake || `column_${index + 1}`;
  let key = wanted;
  for (let count = 2; taken.has(key) || ownKeys.includes(key); count++) key = `${wanted}_${count}`;
  taken.add(key);
  return key;
}

function keysOf<Key extends string>(object: Record<Key, unknown>): Key[] {
  const keys: Key[] = [];
  for (const key in object) keys.push(key);
  return keys;
}
