import { type DeskhandError, invalid } from '../../kernel/words/errors.ts';
import type { Table } from './table.ts';

/** Throws VALIDATION_ERROR at `content` for a file without a single row, whatever would be made of it: there is nothing to take. */
export function requireRows({ format, columns, rows, refused }: Table): void {
  if (rows.length + refused.length > 0) return;
  // Of a calendar without visits `readTable` says so.
  if (format === 'vcard') {
    throw invalid('content', 'There is no card in this file.', {
      hint: 'Export it again with its customers, or choose another file.',
    });
  }
  if (columns.length === 1) {
    throw invalid('content', 'This file is no table: it is one line without columns.', {
      hint: 'Give a CSV file: the names of the columns in its first line, then a line for each row.',
    });
  }
  throw noRow();
}

/** Of a table that is a heading alone. */
export const noRow = (): DeskhandError =>
  invalid('content', 'There is no row in this file: nothing stands below the names of its columns.', {
    hint: 'Export it again with its rows, or choose another file.',
  });
