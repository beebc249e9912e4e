import { isUuid } from '../kernel/database/ids.ts';
import { besideReference } from '../kernel/records/beside-reference.ts';
import type { Field, FieldKind } from '../kernel/records/field-shape.ts';
import type { RecordSpec, StoredRow } from '../kernel/records/record.ts';
import { labelOf } from '../kernel/records/story-words.ts';
import type { Registry } from '../kernel/registry/registry.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { toInstant } from '../kernel/words/time.ts';

/** What sentences about calls are made with. */
export interface DeedReader {
  registry: Registry;
  organization: { time_zone: string; currency: string; country: string };
  /** The rows that the changes speak of, as far as this reader may see them, by id. */
  rows: ReadonlyMap<string, KnownRow>;
  /** What others are called, in marks where it is somebody's words; by id. */
  names?: ReadonlyMap<string, string>;
  /** How much of a text is said; ninety characters when nothing else is wanted. */
  longest?: number;
}

export interface KnownRow {
  record: RecordSpec;
  row: StoredRow;
}

export const nothing = 'nothing';
const longestText = 90;
const longestName = 80;

/** `Tue, Dec 1, 2026, 9:00 AM` by the clock of the business. */
export function momentWords(value: string, timeZone: string): string {
  const text = new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(toInstant(value).epochMilliseconds);
  return text.replace(/\u202f/g, ' ');
}

/** A day of the calendar: `Fri, Dec 18, 2026`. */
export const dayWords = (day: string): string =>
  new Intl.DateTimeFormat('en-US', {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.parse(`${day.slice(0, 10)}T00:00:00Z`));

/** How a row is called: `C-1042 «Jane Smith»`; one without a name by its time: `T-2001 on Tue, Dec 1, 2026, 9:00 AM`. */
export function calledRow(reader: DeedReader, { record, row }: KnownRow): string {
  const reference = typeof row.reference === 'string' ? row.reference : '';
  const label = besideReference(record.label(row), reference);
  const isNamed = label !== '' && label !== row.id && label !== record.name;
  if (isNamed) {
    const name = quoteStart(label.replace(/\s+/g, ' ').trim(), longestName);
    return reference === '' ? name : `${reference} ${name}`;
  }
  const when = Object.keys(record.fields).find(
    name => record.fields[name]?.kind === 'moment' && record.fields[name]?.list && row[name],
  );
  const time =
    when === undefined ? '' : `on ${momentWords(String(row[when]), reader.organization.time_zone)}`;
  return [reference, time].filter(Boolean).join(' ');
}

/** What an id stands for; undefined for what is gone, or not for this reader. */
export function calledId(reader: DeedReader, id: string): string | undefined {
  const known = reader.rows.get(id);
  const called = known ? calledRow(reader, known) : '';
  return called === '' ? reader.names?.get(id) : called;
}

/** A column as its registration describes it, or as its name says. */
export interface Column {
  name: string;
  kind: FieldKind;
  title: string;
  isOurs: boolean;
}

export function columnOf(reader: DeedReader, entity: string, name: string): Column {
  const field: Field | undefined = reader.registry.records.get(entity)?.fields[name];
  const pointed = reader.registry.records.get(reader.registry.pointsTo(name) ?? '');
  const isByName = pointed !== undefined && name === `${pointed.name}_id`;
  return {
    name,
    kind: field?.kind ?? kindByName(reader, name),
    title: field?.title?.toLowerCase() ?? (isByName ? pointed.noun : labelOf(name)),
    isOurs: field?.whose === 'ours',
  };
}

function kindByName({ registry }: DeedReader, name: string): FieldKind {
  if (name.endsWith('_cents')) return 'money';
  if (name.endsWith('_at')) return 'moment';
  if (name.endsWith('_on')) return 'date';
  if (registry.pointsTo(name) !== undefined) return 'ref';
  return /^(status|pricing|kind|.*_(status|type))$/.test(name) ? 'choice' : 'own';
}

/** A value as an owner reads it, in marks where it is somebody's words; undefined for an id nobody knows a name for. */
export function valueWords(reader: DeedReader, column: Column, value: unknown): string | undefined {
  if (isEmpty(value)) return nothing;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberWords(reader, column, value);
  if (typeof value === 'string') return textWords(reader, column, value);
  const items = (Array.isArray(value) ? value : [value]).flatMap(
    item => itemWords(reader, column, item) ?? [],
  );
  return items.join(', ') || nothing;
}

export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function numberWords({ organization }: DeedReader, { kind, name }: Column, value: number): string {
  if (kind === 'money') return formatMoney(value, organization.currency);
  if (kind === 'percent') return `${value} %`;
  return name.endsWith('_minutes') ? `${value} min` : value.toLocaleString('en-US');
}

function textWords(reader: DeedReader, { kind, isOurs }: Column, value: string): string | undefined {
  const { time_zone, country } = reader.organization;
  const { longest = longestText } = reader;
  if (isUuid(value)) return calledId(reader, value);
  if (kind === 'moment' && isInstant(value)) return momentWords(value, time_zone);
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return dayWords(value);
  if (kind === 'phone') return formatPhone(value, country);
  const isWord = kind === 'choice' || isOurs;
  // What is too long for a word of ours is cut like everything else, with a mark.
  if (isWord && /^[\w -]+$/.test(value) && value.length <= longest) return value.replaceAll('_', ' ');
  return quoteStart(value.replace(/\s+/g, ' ').trim(), longest);
}

const isInstant = (value: string): boolean => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(value);

/** One of a list: the address of an e-mail entry, the hours of a day, what an object holds. */
export function itemWords(reader: DeedReader, column: Column, item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return valueWords(reader, { ...column, kind: 'own' }, item);
  if (Array.isArray(item))
    return spanWords(item) ?? item.map(part => itemWords(reader, column, part)).join(', ');
  const members = Object.entries(item);
  // Of an e-mail address or a telephone number among others, the rest says little.
  const main = members.find(([name]) => name === 'email' || name === 'number');
  if (main)
    return textWords(reader, { ...column, kind: main[0] === 'number' ? 'phone' : 'email' }, String(main[1]));
  return members
    .flatMap(([name, member]) => {
      const words =
        isEmpty(member) || member === false
          ? undefined
          : valueWords(reader, columnOf(reader, '', name), member);
      return words === undefined ? [] : [`${nameWords(name)} ${words}`];
    })
    .join(', ');
}

/** A key of an object that somebody may have chosen: `gate code`. */
export const nameWords = (name: string): string =>
  /^[\w .-]{1,60}$/.test(name) ? labelOf(name) : quoteStart(name, 60);

/** `["08:00", "17:00"]` is `8:00 AM–5:00 PM`. */
function spanWords(item: readonly unknown[]): string | undefined {
  const [from, to] = item;
  if (!isSpan(item) || !isClock(from) || !isClock(to)) return undefined;
  return `${clockWords(from)}–${clockWords(to)}`;
}

/** Two times of the clock, from and until. */
export const isSpan = (item: unknown): item is readonly unknown[] =>
  Array.isArray(item) && item.length === 2 && item.every(isClock);

const isClock = (value: unknown): value is string => typeof value === 'string' && /^\d\d:\d\d$/.test(value);

function clockWords(clock: string): string {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return `${hours % 12 || 12}:${String(minutes).padStart(2, '0')} ${hours % 24 < 12 ? 'AM' : 'PM'}`;
}
