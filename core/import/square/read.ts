import { contactOf, type SquareContact } from './contact.ts';
import { SquareFormatError } from './format-error.ts';
import { groupRows } from './group.ts';
import { readHeader, type SquareLayout } from './header.ts';
import { groupingNotices } from './notices.ts';
import { type CsvRecord, readRecords } from './records.ts';
import { rowReader, type SquareNotice, type SquareRow } from './row.ts';
import { dropPlaceholderIds, findShared } from './shared.ts';
import { cleanLine, toUtf8 } from './text.ts';

/** What a Square export says. Every data row is in exactly one contact or in `refused`; `row` is a line of the file. */
export interface SquareReading {
  contacts: SquareContact[];
  refused: { row: number; reason: string; name: string }[];
  notices: SquareNotice[];
  /** Columns Square does not have, as written; their cells are in `custom_fields`. */
  unknown_columns: string[];
  /** Data rows, without the header and blank lines. */
  rows_read: number;
}

const mebibyte = 1024 * 1024;

/**
 * Reads a customer export of Square (IMX-01, CON-17, CFL-11, CFL-12): columns by name, rows of one person grouped into
 * one contact with several addresses (`groupRows` says when), nothing stored and nothing redacted yet.
 * `default_country` (such as `US`) reads phone numbers without a country code and fills in addresses. Throws
 * SquareFormatError for a file that is no Square export as a whole, RangeError for a country that does not exist.
 */
export function readSquareExport(
  bytes: Uint8Array,
  options: { default_country: string; max_bytes?: number },
): SquareReading {
  const maxBytes = options.max_bytes ?? 64 * mebibyte;
  if (bytes.length > maxBytes) {
    const size = Math.ceil((bytes.length / mebibyte) * 10) / 10;
    throw new SquareFormatError(
      `The file has ${size} MiB; at most ${maxBytes / mebibyte} MiB can be read at once.`,
    );
  }
  refuseWorkbook(bytes);
  const { utf8, encoding } = toUtf8(bytes);
  const read = readRows(utf8, options.default_country);
  const shared = findShared(read.rows);
  const placeholders = dropPlaceholderIds(read.rows, shared);
  const grouping = groupRows(read.rows, shared);
  const notices = [...read.notices, ...placeholders, ...groupingNotices(read.rows, shared, grouping)];
  if (encoding === 'windows-1252') {
    notices.unshift({ row: 1, message: 'The file is not UTF-8; it was read as Windows-1252.' });
  }
  return {
    contacts: grouping.groups.map(contactOf),
    refused: read.refused.sort((a, b) => a.row - b.row),
    notices: notices.sort((a, b) => a.row - b.row),
    unknown_columns: read.layout.unknown.map(column => column.name),
    rows_read: read.rows.length + read.refused.length,
  };
}

function refuseWorkbook(bytes: Uint8Array): void {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (start === 'PK\u0003\u0004' || start === '\u00d0\u00cf\u0011\u00e0') {
    throw new SquareFormatError(
      'This is an Excel workbook or a zip archive, not a CSV file. Save it as "CSV UTF-8 (comma delimited)" first.',
    );
  }
}

/** Reads row by row, so that the cells of a large file are never in memory all at once. */
function readRows(utf8: Buffer, country: string) {
  const rows: SquareRow[] = [];
  const notices: SquareNotice[] = [];
  const refused: SquareReading['refused'] = [];
  let table: { layout: SquareLayout; readRow: ReturnType<typeof rowReader> } | undefined;
  function onRecord(record: CsvRecord): void {
    if (table === undefined) {
      const layout = readHeader(record.cells);
      table = { layout, readRow: rowReader(layout, country) };
      return;
    }
    const { layout, readRow } = table;
    const fits = record.cells.length === layout.width;
    const read = fits ? readRow(record.line, record.cells) : { refused: wrongWidth(record, layout) };
    if (read.row === undefined) {
      refused.push({ row: record.line, reason: read.refused, name: nameIn(record, layout) });
      return;
    }
    rows.push(read.row);
    notices.push(...read.notices);
  }
  function onBrokenLine(row: number): void {
    if (table === undefined) throw noHeader('The first line has misplaced quotation marks.');
    const reason =
      'The line has a quotation mark where a CSV file cannot have one, so its cells cannot be told apart.';
    refused.push({ row, reason, name: '' });
  }
  readRecords(utf8, onRecord, onBrokenLine);
  if (table === undefined) throw noHeader('The file is empty.');
  return { rows, notices, refused, layout: table.layout };
}

function noHeader(trouble: string): SquareFormatError {
  return new SquareFormatError(`${trouble} Export the customers from Square again.`);
}

function wrongWidth({ cells, line, last_line }: CsvRecord, layout: SquareLayout): string {
  const lines = last_line > line ? ` It reaches from line ${line} to line ${last_line}.` : '';
  return `The row has ${cells.length} cells where the first line has ${layout.width}, so nobody can tell which cell is which.${lines}`;
}

/** The name as far as it can be told; of a row with the wrong number of cells it is a hint for finding it, no more. */
function nameIn({ cells }: CsvRecord, { place }: SquareLayout): string {
  const parts = [cells[place.get('first_name') ?? -1], cells[place.get('last_name') ?? -1]];
  return parts
    .map(part => cleanLine(part ?? ''))
    .filter(part => part !== '')
    .join(' ')
    .slice(0, 80);
}
