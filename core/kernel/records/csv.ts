import { stringify } from 'csv-stringify/sync';
import type { Row } from './record.ts';

/**
 * Rows as CSV (RFC 4180) with a header of their members: lists with "; " between, objects as JSON, nothing for null. A
 * text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function writeCsv(columns: readonly string[], rows: readonly Row[]): string {
  return stringify(
    rows.map(row => columns.map(name => cellOf(row[name]))),
    { header: true, columns: [...columns], escape_formulas: true, record_delimiter: 'windows' },
  );
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value.join('; ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
