import { z } from 'zod';
import type { ImportedRow } from '../queries.ts';
import { question } from './answers.ts';
import type { Sheet } from './sheet.ts';
import { kinds } from './targets.ts';

/** How a kind is taken. */
export interface Take {
  /** The import it belongs to; null for a dry run. */
  batch_id: string | null;
  dry_run: boolean;
  /** Whether the rows are a part of a large file. */
  is_part?: boolean;
}

/** What came of the rows of a sheet, besides what it refused and says. */
export interface Taken {
  /** Rows that were taken; several may have become one customer. */
  taken_rows: number;
  /** Records that were made. */
  created: number;
  known: { rows: number[]; name: string; record: string }[];
  /** By which keys the rows are known again. */
  imported: ImportedRow[];
  addresses?: number;
  notes?: number;
  /** Customers that were made on the way. */
  customers?: number;
}

/** What an import answers. */
export const report = z.object({
  import: z.string().nullable(),
  dry_run: z.boolean(),
  kind: z.enum(kinds),
  source: z.string(),
  rows_read: z.number(),
  taken_rows: z.number(),
  matched_rows: z.number(),
  refused_rows: z.number(),
  created: z.number(),
  customers_made: z.number(),
  addresses: z.number(),
  notes: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  known: z.array(z.object({ rows: z.array(z.number()), name: z.string(), record: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ refused: z.number(), known: z.number(), notices: z.number() }),
  custom_fields: z.array(z.string()),
  /** What must be said in `answers` before it can be taken. */
  questions: z.array(question),
});

/** Longer lists are cut in the answer, with their true length beside them; the import's row keeps more. */
const most_listed = 100;

/** Rows that are here already. */
export const matchedRows = ({ known }: Taken) => known.reduce((sum, { rows }) => sum + rows.length, 0);

/** What came of a sheet, for whoever imports it. */
export function reportOf(
  sheet: Sheet,
  { taken, reference, dry_run }: { taken: Taken; reference: string | null; dry_run: boolean },
): z.output<typeof report> {
  const beyond = (list: readonly unknown[]) => Math.max(0, list.length - most_listed);
  return {
    import: reference,
    dry_run,
    kind: sheet.kind,
    source: sheet.source?.title ?? 'a file',
    rows_read: sheet.rows_read,
    taken_rows: taken.taken_rows,
    matched_rows: matchedRows(taken),
    refused_rows: sheet.refused.length,
    created: taken.created,
    customers_made: taken.customers ?? 0,
    addresses: taken.addresses ?? 0,
    notes: taken.notes ?? 0,
    refused: sheet.refused.slice(0, most_listed).map(({ row, name, reason }) => ({ row, name, reason })),
    known: taken.known.slice(0, most_listed),
    notices: sheet.notices.slice(0, most_listed),
    omitted: { refused: beyond(sheet.refused), known: beyond(taken.known), notices: beyond(sheet.notices) },
    custom_fields: sheet.customs.map(({ name }) => name),
    questions: sheet.questions,
  };
}
