import { DeskhandError, invalid } from '../../kernel/words/errors.ts';
import { fold } from '../../kernel/words/fold.ts';
import { type CsvRecord, readRecords } from '../square/records.ts';
import { cleanLine, cut, type FileEncoding, storable, toUtf8 } from '../square/text.ts';
import { readCards } from './cards.ts';

/** A column of the file. `name` is unique: the second `Phone` is `Phone (2)`. `key` is how a custom field would be called. */
export interface Column {
  name: string;
  key: string;
  index: number;
}

/** A row that is not taken, with its cells as they were where they could be told apart. */
export interface Refused {
  row: number;
  name: string;
  reason: string;
  cells?: string[];
}

/** A file as a table. `line` counts from 1, the first line of the file. Every data row is in `rows` or in `refused`. */
export interface Table {
  format: 'csv' | 'vcard' | 'ics';
  encoding: FileEncoding;
  separator: string;
  header_line: number;
  columns: Column[];
  rows: { line: number; cells: string[] }[];
  refused: Refused[];
  /** Lines that are no rows: titles above the heading, a total and a date below. */
  notices: { row: number; message: string }[];
}

const most_columns = 500;
const mebibyte = 1024 * 1024;
const most_bytes = 64 * mebibyte;
/** A report may have so many lines of titles above its heading. */
const most_titles = 12;
/** The column that our file of rows not taken has besides; it says nothing about a row. */
export const whyColumn = 'Why not taken';

/**
 * Reads a file of any program: CSV in four encodings with any of four separators, cards (vCard) or a calendar (ICS).
 * Throws VALIDATION_ERROR at `content` for what is none of them.
 */
export async function readTable(bytes: Uint8Array, timeZone: string): Promise<Table> {
  if (bytes.length > most_bytes) {
    throw invalid('content', `The file has more than ${most_bytes / mebibyte} MB.`, {
      hint: 'Give it in parts, each with the first line; on the command line `deskhand import csv` does that by itself.',
    });
  }
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (start === 'PK\u0003\u0004' || start === '\u00d0\u00cf\u0011\u00e0') {
    throw invalid('content', 'This is an Excel workbook or a zip archive, not a CSV file.', {
      hint: 'Save it as "CSV UTF-8 (comma delimited)" first, or unpack it and give the CSV file in it.',
    });
  }
  const { utf8, encoding } = toUtf8(bytes);
  if (!isText(utf8)) {
    throw invalid(
      'content',
      'This is no text, so it is no CSV file: a picture, say, or a file of a program.',
      {
        hint: 'Open it in the program it is from and export it as CSV, or save it as "CSV UTF-8 (comma delimited)".',
      },
    );
  }
  const head = utf8.subarray(0, 200).toString().trimStart().toUpperCase();
  if (head.startsWith('BEGIN:VCARD')) return { ...readCards(utf8.toString()), encoding };
  if (head.startsWith('BEGIN:VCALENDAR')) {
    const { readCalendar } = await import('./calendar.ts');
    return { ...readCalendar(utf8.toString(), timeZone), encoding };
  }
  return readCsv(utf8, encoding);
}

/**
 * Whether somebody could have written it: signs that no keyboard makes are a tenth of what a program packs, and a single one in
 * some export. A PDF begins as text.
 */
function isText(utf8: Buffer): boolean {
  const start = utf8.subarray(0, 4096).toString();
  const strange = start.match(/(?!\s)\p{Cc}/gu)?.length ?? 0;
  return !start.startsWith('%PDF-') && strange * 20 <= start.length;
}

function readCsv(utf8: Buffer, encoding: FileEncoding): Table {
  const separator = guessSeparator(utf8);
  const records: CsvRecord[] = [];
  const broken: number[] = [];
  try {
    readRecords(
      utf8,
      record => records.push({ ...record, cells: record.cells.map(storable) }),
      line => broken.push(line),
      separator,
    );
  } catch (error) {
    throw invalid('content', error instanceof Error ? error.message : 'The file cannot be read.');
  }
  const at = headerAt(records);
  const header = records[at];
  if (!header || header.cells.every(cell => cleanLine(cell) === '')) {
    throw invalid('content', 'The file has no heading: its first line should say what the columns are.', {
      hint: 'Export it again, with the column names in the first line.',
    });
  }
  const columns = columnsOf(header.cells);
  if (columns.length > most_columns) {
    throw invalid(
      'content',
      `The first line has ${columns.length} columns; at most ${most_columns} are read.`,
    );
  }
  const notices = records.slice(0, at).map(({ line }) => ({
    row: line,
    message: 'This line stands above the heading and is no row.',
  }));
  const rows: Table['rows'] = [];
  const refused: Refused[] = broken.map(row => ({
    row,
    name: '',
    reason:
      'The line has a quotation mark where a CSV file cannot have one, so its cells cannot be told apart.',
  }));
  for (const { line, last_line, cells } of records.slice(at + 1)) {
    if (cells.every(cell => cell.trim() === '')) continue;
    const row = fitted(cells, columns.length);
    if (at > 0 && isTrailer(cells)) {
      notices.push({ row: line, message: 'This line is a total or a date of the report, and no row.' });
    } else if (row) rows.push({ line, cells: row });
    else {
      const reach = last_line > line ? ` It reaches from line ${line} to line ${last_line}.` : '';
      refused.push({
        row: line,
        name: cut(cleanLine(cells[0] ?? ''), 80),
        reason: `The row has ${cells.length} cells where the heading has ${columns.length}, so nobody can tell which cell is which.${reach}`,
        cells,
      });
    }
  }
  return { format: 'csv', encoding, separator, header_line: header.line, columns, rows, refused, notices };
}

/** Cells beyond the heading that say nothing are left out; undefined for a row that does not fit. */
function fitted(cells: string[], width: number): string[] | undefined {
  if (cells.length === width) return cells;
  if (cells.length < width) return undefined;
  return cells.slice(width).every(cell => cell.trim() === '') ? cells.slice(0, width) : undefined;
}

/** A report of QuickBooks begins with its titles: the heading is the first line that is about as wide as what follows. */
function headerAt(records: readonly CsvRecord[]): number {
  const filled = records
    .slice(0, most_titles)
    .map(({ cells }) => cells.filter(cell => cell.trim() !== '').length);
  const wide = Math.max(2, Math.ceil(Math.max(0, ...filled) / 2));
  return Math.max(
    0,
    filled.findIndex(count => count >= wide),
  );
}

/** `Total,,,,` and the day a report was made, below its rows. */
function isTrailer(cells: readonly string[]): boolean {
  const first = cleanLine(cells[0] ?? '');
  const others = cells.slice(1).filter(cell => cell.trim() !== '');
  if (/^total\b/i.test(first)) return others.every(cell => /^[\d.,$€£\s()-]+$/.test(cell.trim()));
  return others.length === 0 && /\b\d{4}\b.*\b(?:AM|PM|GMT|UTC|\d{1,2}:\d{2})\b/i.test(first);
}

/** Columns by unique names, and keys for those that become custom fields. */
export function columnsOf(cells: readonly string[]): Column[] {
  const names = new Map<string, number>();
  const keys = new Set<string>();
  return cells.map((cell, index) => {
    const said = cleanLine(cell).slice(0, 120) || `Column ${index + 1}`;
    const before = names.get(said.toLowerCase()) ?? 0;
    names.set(said.toLowerCase(), before + 1);
    const name = before === 0 ? said : `${said} (${before + 1})`;
    const plain =
      fold(name)
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_|_$/g, '')
        .replace(/^(?=\d)/, 'c_')
        .slice(0, 56) || `column_${index + 1}`;
    let key = plain;
    for (let count = 2; keys.has(key); count++) key = `${plain}_${count}`;
    keys.add(key);
    return { name, key, index };
  });
}

/** Excel writes semicolons in many countries and tabs for "Unicode text"; some programs write a bar. */
function guessSeparator(csv: Buffer): string {
  const lines = csv
    .subarray(0, 64 * 1024)
    .toString()
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/[\r\n]+/)
    .slice(0, 20);
  const count = (mark: string) => Math.max(...lines.map(line => line.split(mark).length));
  return [',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** A column of the table by the name or key somebody gives. Throws VALIDATION_ERROR naming those there are. */
export function columnNamed(columns: readonly Column[], name: string, field: string): Column {
  const plain = fold(name).trim();
  const found = columns.find(column => fold(column.name) === plain || column.key === plain);
  if (found) return found;
  throw new DeskhandError('VALIDATION_ERROR', `The file has no column "${cut(name, 80)}".`, {
    field,
    valid_options: columns.slice(0, 80).map(column => column.name),
  });
}
