import { sql } from '../../kernel/database/sql.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { DeskhandError, sqlState } from '../../kernel/words/errors.ts';
import { NotTaken } from './sheet.ts';

/** What is said of a row the database would not have; its own words say nothing to an owner, and may hold what others wrote. */
export const refusedByDatabase =
  'Something in this row cannot be kept as it is. Shorten its longest cells, or leave out unusual signs.';

/**
 * Does something for a row, or leaves nothing of it: whatever is refused, the rows before and after it stay. Answers why
 * it was refused.
 */
export async function attemptRow(context: Context, work: () => Promise<void>): Promise<string | undefined> {
  const { tx } = context;
  await tx.run(sql`savepoint imported_row`);
  try {
    await work();
    await tx.run(sql`release savepoint imported_row`);
    return undefined;
  } catch (error) {
    await tx.run(sql`rollback to savepoint imported_row`);
    if (error instanceof NotTaken) return error.message;
    if (error instanceof DeskhandError) return [error.message, error.details.hint].filter(Boolean).join(' ');
    // Of what was written; not of a connection that is lost.
    if (/^(?:22|23|54)/.test(sqlState(error) ?? '')) return refusedByDatabase;
    throw error;
  }
}

/** Writes rows together; when the database refuses one of them, each by itself, so that only that one stays out. */
export async function writeTogether<T>(
  context: Context,
  rows: readonly T[],
  write: (rows: readonly T[]) => Promise<void>,
  refuse: (row: T, reason: string) => void,
): Promise<T[]> {
  const written: T[] = [];
  for (let start = 0; start < rows.length; start += 500) {
    const batch = rows.slice(start, start + 500);
    if ((await attemptRow(context, () => write(batch))) === undefined) {
      written.push(...batch);
      continue;
    }
    for (const row of batch) {
      const why = await attemptRow(context, () => write([row]));
      if (why === undefined) written.push(row);
      else refuse(row, why);
    }
  }
  return written;
}
