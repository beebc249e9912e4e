import pg from 'pg';
import type { z } from 'zod';
import type { TakenNumbers } from './numbers.ts';
import type { StatementNames } from './prepared.ts';
import type { Sql } from './sql.ts';
import { type AnsweredRow, type Asked, isLeftOut, type Turns } from './turns.ts';

/** A zod schema mostly. */
export interface RowParser<T> {
  parse(row: AnsweredRow): T;
}

/**
 * The statements of one open transaction. The verb says the cardinality; every row is parsed by its zod schema,
 * so a column nobody declared never leaves the database layer.
 */
export interface Tx {
  /** Exactly one row; none or several is a defect. */
  one<T>(row: z.ZodType<T>, statement: Sql): Promise<T>;
  /** One row or undefined; several is a defect. */
  maybe<T>(row: z.ZodType<T>, statement: Sql): Promise<T | undefined>;
  many<T>(row: RowParser<T>, statement: Sql): Promise<T[]>;
  /** Runs a statement for its effect and answers the number of rows it touched. */
  run(statement: Sql): Promise<number>;
  /**
   * Sends a statement whose answer nobody needs: it travels together with those that follow, COMMIT included. When it
   * fails, the transaction fails with its error.
   */
  send(statement: Sql): void;
  /** Numbers that nobody waits for; given back when the transaction comes to nothing. */
  readonly numbers: Pick<TakenNumbers, 'take' | 'takeAhead' | 'so_far' | 'giveBack'>;
}

/** A statement without values. */
export const plain = (text: string, names: StatementNames | undefined): Asked => ({
  text,
  values: [],
  name: names?.nameOf(text),
});

/** Ends a transaction for good. Throws what a statement that was sent along failed with. */
export async function commitOn(
  turns: Turns,
  sent: SentStatements,
  names: StatementNames | undefined,
): Promise<void> {
  const [{ command }] = await Promise.all([turns.ask(plain('commit', names)), sent.done()]);
  // After a failed statement that the work swallowed, COMMIT rolls back and calls it a success.
  if (command !== 'COMMIT') throw new Error('a statement failed on the way; nothing was kept');
}

/** Answers whether the connection is beyond repair and must be dropped. */
export async function rollback(client: pg.PoolClient): Promise<boolean> {
  try {
    await client.query('rollback');
    return false;
  } catch {
    return true;
  }
}

/** Statements on their way that nobody waits for one by one. */
export class SentStatements {
  readonly #answers: Promise<unknown>[] = [];
  /** The first that failed by itself. What fails after it, fails because of it. */
  failed: { error: unknown } | undefined;

  add(answer: Promise<unknown>): void {
    this.#answers.push(answer);
    answer.catch((error: unknown) => {
      if (!isLeftOut(error)) this.failed ??= { error };
    });
  }

  done = (): Promise<unknown> => Promise.all(this.#answers);
}

interface Underway {
  sent: SentStatements;
  names: StatementNames | undefined;
  taken: TakenNumbers;
}

/** The verbs of a transaction that has begun. */
export function transactionOn(turns: Turns, { sent, names, taken }: Underway): Tx {
  const query = async ({ text, values, isPlannedOnce }: Sql) => {
    const name = names?.nameOf(text);
    try {
      if (name === undefined || !isPlannedOnce) return await turns.ask({ text, values, name });
      sent.add(turns.ask(plain('set local plan_cache_mode = force_generic_plan', names)));
      const answer = turns.ask({ text, values, name });
      sent.add(turns.ask(plain('set local plan_cache_mode to default', names)));
      return await answer;
    } catch (error) {
      throw withCaret(error, text);
    }
  };
  return {
    async one(row, statement) {
      const { rows } = await query(statement);
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}: ${firstLine(statement)}`);
      return row.parse(rows[0]);
    },
    async maybe(row, statement) {
      const { rows } = await query(statement);
      if (rows.length > 1)
        throw new Error(`expected at most one row, got ${rows.length}: ${firstLine(statement)}`);
      return rows.length === 0 ? undefined : row.parse(rows[0]);
    },
    async many(row, statement) {
      const { rows } = await query(statement);
      return rows.map(value => row.parse(value));
    },
    async run(statement) {
      return (await query(statement)).rowCount;
    },
    send: statement => sent.add(query(statement)),
    numbers: taken,
  };
}

const firstLine = (statement: Sql) => statement.text.trim().split('\n')[0] ?? '';

/** Points at the place in the statement, in the text that goes to the log and nowhere else. */
function withCaret(error: unknown, text: string): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  // Made where its packet was read; what matters is who asked.
  Error.captureStackTrace(error);
  if (error.position === undefined) return error;
  const at = Number(error.position) - 1;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const line = text.slice(lineStart).split('\n')[0] ?? '';
  error.message += `\n${line}\n${' '.repeat(Math.max(0, at - lineStart))}^`;
  return error;
}
