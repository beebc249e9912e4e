import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import { whyColumn } from './csv/table.ts';
import { importRecord } from './import.ts';

const notTaken = z.object({
  row: z.number(),
  name: z.string().nullable(),
  reason: z.string(),
  /** The row as it was, by the columns of the file; what could not be told apart stands as it came. */
  cells: z.array(z.string()),
});

/** The rows of an import that were not taken, each as it was and with the reason: mended, they are imported again. */
export const notTakenView = defineView({
  type: 'import_not_taken',
  domain: 'import',
  summary: 'Rows of an import that were not taken: why, and each as it was, to be mended and imported again.',
  keywords: ['refused', 'rejected', 'errors', 'csv', 'mend', 'again'],
  whose: 'theirs',
  row: notTaken,
  params: z.strictObject({ import_id: ref('import') }),
  roles: ['owner', 'admin', 'member'],
  async run(context, { params, limit, cursor }) {
    if (cursor !== undefined && !/^\d{1,6}$/.test(cursor)) throw strangeCursor();
    const after = Number(cursor ?? 0);
    const { refused } = await getRow(context, importRecord, params.import_id);
    return {
      rows: refused.slice(after, after + limit).map(({ row, name, reason, cells }) => ({
        row,
        name: name ?? null,
        reason: reason ?? '',
        cells: cells ?? [],
      })),
      ...(refused.length > after + limit ? { next_cursor: String(after + limit) } : {}),
    };
  },
});

/**
 * The same as a CSV file in UTF-8 with a byte order mark: the heading of the file, the rows as they were, and why each was
 * not taken in one more column, which an import leaves out. Cells that a spreadsheet would run have an apostrophe before
 * them; an import takes exactly that away.
 */
export function notTakenCsv(
  columns: readonly string[],
  refused: readonly { reason?: string | undefined; cells?: readonly string[] | undefined }[],
): string {
  const rows = refused.map(({ reason = '', cells = [] }) => {
    const filled = [...cells.slice(0, columns.length)];
    while (filled.length < columns.length) filled.push('');
    const beyond = cells.slice(columns.length).join(' ');
    return [...filled, beyond === '' ? reason : `${reason} Also in the row: ${beyond}`];
  });
  const heading = [...columns.filter(name => name !== whyColumn), whyColumn];
  const at = columns.indexOf(whyColumn);
  const without = rows.map(row => (at < 0 ? row : row.filter((_, index) => index !== at)));
  return stringify([heading, ...without], { bom: true, escape_formulas: true, record_delimiter: '\r\n' });
}
