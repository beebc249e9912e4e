import { createHash } from 'node:crypto';
import type { Context } from '../../kernel/pipeline/context.ts';
import { DeskhandError } from '../../kernel/words/errors.ts';
import { fold } from '../../kernel/words/fold.ts';
import { readPhone } from '../../kernel/words/phone.ts';
import { atLocal } from '../../kernel/words/time.ts';
import { cleanLine, cleanText, cut } from '../square/text.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';
import type { Target } from './targets.ts';
import { readAmount, readClock, readDayAt, readYes } from './values.ts';

// What the cells of a row say, as the columns of its sheet are read, and by what the same row is known again.

/** What every name, street and number may have at most; an index of the database holds them. */
const most_short = 200;
const most_long = 100_000;

/** The texts of a row that are read as something, on one line each; empty ones left out. */
export const textsOf = (sheet: Sheet, { cells }: Row, target: string): string[] =>
  (sheet.by.get(target) ?? []).map(({ index }) => cleanLine(cells[index] ?? '')).filter(text => text !== '');

/** The one text; '' for none. Throws NotTaken for one that is too long for what it is. */
export function textOf(sheet: Sheet, row: Row, target: string): string {
  const [text = ''] = textsOf(sheet, row, target);
  if (text.length <= most_short) return text;
  const name = sheet.by.get(target)?.[0]?.name ?? target;
  throw new NotTaken(`The cell "${name}" has ${text.length} characters; at most ${most_short} can be taken.`);
}

/** Lines of text, those of several columns below each other. */
export const wordsOf = (sheet: Sheet, { cells }: Row, target: string): string =>
  (sheet.by.get(target) ?? [])
    .map(({ index }) => cleanText(cells[index] ?? ''))
    .filter(text => text !== '')
    .join('\n')
    .slice(0, most_long);

/** Google joins several values of one cell by three colons, and marks the main one by a star. */
export const valuesOf = (text: string): string[] =>
  text
    .split(/\s*:::\s*/)
    .map(value => value.replace(/^\*\s*/, '').trim())
    .filter(value => value !== '');

/** What stays as custom fields of a row: every column nobody reads as anything. */
export function customOf(sheet: Sheet, { cells }: Row): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { key, index } of sheet.customs) {
    const text = cut(cleanText(cells[index] ?? ''), most_long);
    if (text !== '') fields[key] = text;
  }
  return fields;
}

/** A day of a row; undefined for none. Throws NotTaken for what is no day. */
export function dayOf(sheet: Sheet, row: Row, target: string): string | undefined {
  const text = textOf(sheet, row, target);
  const [column] = sheet.by.get(target) ?? [];
  if (text === '' || !column) return undefined;
  const read = readDayAt(text, sheet.orderOf(column));
  if (read) return read.day.toString();
  throw new NotTaken(`"${cut(text, 40)}" in "${column.name}" is no day that can be read.`);
}

/** The moment a row says in one or two columns. Throws NotTaken for none, or what cannot be read. */
export function momentOf(
  { sheet, timeZone }: { sheet: Sheet; timeZone: string },
  row: Row,
  [target, time]: readonly [string, string?],
): { at: string; has_time: boolean } | undefined {
  const text = textOf(sheet, row, target);
  const [column] = sheet.by.get(target) ?? [];
  if (text === '' || !column) return undefined;
  const unreadable = (what: string) =>
    new NotTaken(`"${cut(what, 40)}" in "${column.name}" is no date that can be read.`);
  const read = readDayAt(text, sheet.orderOf(column));
  if (!read) throw unreadable(text);
  const clock = (time === undefined ? '' : textOf(sheet, row, time)) || read.rest;
  // `2024-03-12T09:14:00Z`, or with an offset: that instant, wherever the business is.
  const zoned = /^(\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s?(Z|[+-]\d{2}:?\d{2})$/.exec(clock);
  if (zoned) {
    const offset = zoned[2] === 'Z' ? 'Z' : (zoned[2] ?? '').replace(/^(.\d{2}):?(\d{2})$/, '$1:$2');
    return { at: new Date(`${read.day.toString()}T${zoned[1]}${offset}`).toISOString(), has_time: true };
  }
  const [first = ''] = clock.split(/\s*[-–]\s*(?=\d)/);
  const at = first === '' ? undefined : readClock(first);
  if (first !== '' && !at) throw unreadable(clock);
  const local = read.day.toPlainDateTime(at ?? { hour: 9 });
  return { at: atLocal(local, timeZone).toString(), has_time: at !== undefined };
}

/** Minor units of an amount of a row; undefined for none. Throws NotTaken for what is no amount. */
export function amountOf(sheet: Sheet, row: Row, target: string, currency: string): number | undefined {
  const text = textOf(sheet, row, target);
  const [column] = sheet.by.get(target) ?? [];
  if (text === '' || !column) return undefined;
  const cents = readAmount(text, sheet.signOf(column), currency);
  if (cents !== undefined) return cents;
  throw new NotTaken(`"${cut(text, 40)}" in "${column.name}" is no amount that can be read.`);
}

/** What a cell says of a field as it is registered; undefined for nothing. Throws NotTaken for what it cannot hold. */
export function fieldOf(context: Context, sheet: Sheet, row: Row, target: Target): unknown {
  const { name, kind, field } = target;
  const [column] = sheet.by.get(name) ?? [];
  const text = kind === 'long_text' ? wordsOf(sheet, row, name) : (textsOf(sheet, row, name)[0] ?? '');
  if (!column || text === '') return undefined;
  const value = readAs();
  const checked = field?.given?.safeParse(value);
  if (value === undefined || checked?.success === false) {
    throw new NotTaken(`"${cut(text, 60)}" in "${column.name}" is no ${wordFor(target)}.`);
  }
  return checked ? checked.data : value;

  function readAs(): unknown {
    if (kind === 'choice') {
      const plain = (word: string) => fold(word).replace(/[^a-z0-9]/g, '');
      return field?.options?.find(option => plain(option) === plain(text));
    }
    if (kind === 'boolean') return readYes(text);
    if (kind === 'number' || kind === 'percent') return wholeNumber(text);
    if (kind === 'money') {
      const cents = amountOf(sheet, row, name, context.organization.currency);
      return cents !== undefined && cents >= 0 ? cents : undefined;
    }
    if (kind === 'date') return dayOf(sheet, row, name);
    if (kind === 'moment')
      return momentOf({ sheet, timeZone: context.organization.time_zone }, row, [name])?.at;
    if (kind === 'tags') return tagsOf(textsOf(sheet, row, name));
    if (kind === 'email') return valuesOf(text)[0]?.toLowerCase();
    if (kind === 'phone') return readPhoneText(context, valuesOf(text)[0] ?? '');
    return text;
  }
}

const wholeNumber = (text: string) =>
  /^-?\d{1,9}(?:\.0+)?$/.test(text) ? Math.trunc(Number(text)) : undefined;

function readPhoneText({ organization }: Context, text: string): string | undefined {
  try {
    return readPhone(text, organization.country, 'phone');
  } catch (error) {
    if (error instanceof DeskhandError) return undefined;
    throw error;
  }
}

const wordFor = ({ kind, field }: Target): string =>
  kind === 'choice'
    ? `one of ${field?.options?.join(', ')}`
    : ({
        boolean: 'yes or no',
        number: 'whole number',
        money: 'amount',
        email: 'e-mail address',
        phone: 'telephone number',
        url: 'address of a page',
      }[kind as string] ?? 'value that can be kept there');

/** Short words, whatever stands between them; Google's own groups say nothing. */
export const tagsOf = (texts: readonly string[]): string[] =>
  [
    ...new Set(
      texts
        .flatMap(text => text.split(/\s*(?::::|[,;|])\s*/))
        .map(tag =>
          tag
            .replace(/^\*\s*/, '')
            .trim()
            .slice(0, 50),
        )
        .filter(tag => tag !== '' && !/^(?:my ?contacts|other contacts)$/i.test(tag)),
    ),
  ].slice(0, 20);

/** A short form of everything a row says: by it the same row is known again. */
export const digestOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** The word an id is kept under: that of the program, `csv` for one nobody knows. */
export const systemOf = ({ source }: Pick<Sheet, 'source'>): string => source?.name ?? 'csv';

/** The number the other program has for a row; what had to be taken out of it is told apart by a digest. */
export function idOf(sheet: Sheet, row: Row): string {
  const id = textOf(sheet, row, 'id');
  const own = sheet.source?.customer_of?.(id) ?? id;
  if (!own.includes('[REDACTED')) return own;
  const [column] = sheet.by.get('id') ?? [];
  const raw = sheet.table.rows.find(({ line }) => line === row.line)?.cells[column?.index ?? -1] ?? '';
  return `id-${digestOf(raw)}`;
}

/** What an owner calls a row, as far as it can be told. */
export function titleOf(sheet: Sheet, row: Row): string {
  const first = [
    'full_name',
    'display_name',
    'name',
    'customer.full_name',
    'title',
    'id',
    'email',
    'company_name',
  ];
  const person = (prefix: string) =>
    [...textsOf(sheet, row, `${prefix}first_name`), ...textsOf(sheet, row, `${prefix}last_name`)].join(' ');
  const said = person('') || person('customer.') || first.flatMap(name => textsOf(sheet, row, name))[0];
  return (said ?? cleanLine(row.cells.find(cell => cell.trim() !== '') ?? '')).slice(0, 80);
}
