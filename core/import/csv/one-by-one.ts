import { setImmediate as othersFirst } from 'node:timers/promises';
import { sql } from '../../kernel/database/sql.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { DeskhandError, sqlState } from '../../kernel/words/errors.ts';
import { NotTaken } from './sheet.ts';

/** What writing rows takes of a call. */
interface Written {
  tx: Pick<Context['tx'], 'run'>;
  request: Pick<Context['request'], 'progress'>;
}

/** What is said of a row the database would not have; its own words say nothing to an owner, and may hold what others wrote. */
export const refusedByDatabase =
  'Something in this row cannot be kept as it is. Shorten its longest cells, or leave out unusual signs.';

/**
 * Does something for a row, or leaves nothing of it: whatever is refused, the rows before and after it stay. Answers why
 * it was refused.
 */
export async function attemptRow(
  { tx }: Pick<Written, 'tx'>,
  work: () => Promise<void>,
): Promise<string | undefined> {
  const begun = tx.run(sql`savepoint imported_row`);
  try {
    await Promise.all([begun, work()]);
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

/** So often one hears how far rows are that are written one by one. */
const told_rows = 100;

/** Tells how far rows are that are written one by one; `done` of them are. */
export function tellHowFar({ request }: Pick<Written, 'request'>, done: number, of: number): void {
  if (done % told_rows === 0) request.progress?.(done, of, writtenOf(done, of));
}

const writtenOf = (done: number, of: number) => `${done} of ${of} written`;

type Write = () => Promise<void>;

/** Rows that are written together. */
const batch_rows = 500;

/**
 * Writes rows together; when the database refuses one of them, the halves of what is together, until only that one stays out.
 * `make` makes some rows ready and answers what writes them: it asks the database nothing, so that the next rows are made while
 * the database takes those before. What was written is only sent when others have their turn, so they have it first. Answers those
 * that were written.
 */
export async function writeTogether<T>(
  context: Written,
  rows: readonly T[],
  make: (rows: readonly T[]) => Write | Promise<Write>,
  refuse: (row: T, reason: string) => void,
): Promise<T[]> {
  const written: T[] = [];
  const settle = async (some: readonly T[], write: Write): Promise<void> => {
    const why = await attemptRow(context, write);
    const [only] = some;
    if (why === undefined) written.push(...some);
    else if (some.length > 1) {
      const half = Math.ceil(some.length / 2);
      for (const part of [some.slice(0, half), some.slice(half)]) await settle(part, await make(part));
    } else if (only !== undefined) refuse(only, why);
  };
  let before = Promise.resolve();
  for (let start = 0; start < rows.length; start += batch_rows) {
    const some = rows.slice(start, start + batch_rows);
    await othersFirst();
    const write = await make(some);
    await before;
    before = settle(some, write);
    // Whether it worked is found out one turn later.
    before.catch(() => undefined);
    context.request.progress?.(start, rows.length, writtenOf(start, rows.length));
  }
  await before;
  return written;
}
