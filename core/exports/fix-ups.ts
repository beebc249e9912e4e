import type { Sql } from '../kernel/database/sql.ts';

/**
 * What a migration after the first archive means for archives that were written before it. Columns are matched by name and
 * new ones take their default, so most migrations need none: only those that rename or drop a table or column, or add one
 * that must be filled and has no default.
 */
export interface FixUp {
  /** `20261201000000_contacts__salutation`: it holds for archives in which this one had not run. */
  migration: string;
  /** What a table of the archive is called now; null for one that is gone. */
  tables?: Readonly<Record<string, string | null>>;
  /** What a column of the archive is called now, by the present name of the table; null for one that is gone. */
  columns?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** What fills a new column that has no default, as SQL over the archived row `x`. */
  filled?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Runs when all rows are there, for what one row alone does not tell. */
  afterwards?(organizationId: string): Sql[];
}

/**
 * In the order of the migrations. `test/exports/older-archive.test.ts` restores an archive of the first schema that had one,
 * and goes red for a migration that needs an entry here and has none.
 */
export const fixUps: readonly FixUp[] = [];
