import type { ImportedRow } from '../queries.ts';

/** How a kind is taken. */
export interface Take {
  /** The import it belongs to; null for a dry run. */
  batch_id: string | null;
  dry_run: boolean;
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
