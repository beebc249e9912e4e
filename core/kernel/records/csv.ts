import { stringify } from 'csv-stringify/sync';
import type { Row } from './record.ts';

/**
 * Rows as CSV (RFC 4180) with a header of their members: lists with "; " between, objects as JSON, nothing for null. A
 * text that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that looks as if it had: whoever takes
 * one off has what it was.
 */
export function writeCsv(columns: readonly string[], rows: readonly Row[]): string {
  return stringify(rows.map(cellsOf(columns)), { header: true, columns: [...columns], ...ours });
}

/** A line break of either kind ends a row for whoever reads it, unless it stands in quotation marks. */
const ours = { escape_formulas: true, record_delimiter: 'windows', quoted_match: /[\r\n]/ } as const;

const cellsOf =
  (columns: readonly string[]) =>
  (row: Row): string[] =>
    columns.map(name => cellOf(row[name]));

/** The same line by line, for lists that are longer than what is held at once. */
export async function* csvLines(
  columns: readonly string[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<string> {
  yield writeCsv(columns, []);
  const cells = cellsOf(columns);
  for await (const row of rows) yield stringify([cells(row)], ours);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value.join('; ');
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /^'+[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}
