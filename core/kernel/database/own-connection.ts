import type { z } from 'zod';
import type { Database } from './db.ts';
import type { Sql } from './sql.ts';

/** One long transaction on a connection of its own: what moves a whole business holds no place of the pool. */
export interface OwnConnection {
  /** Runs a statement and answers the number of rows it touched. */
  run(statement: Sql): Promise<number>;
  many<T>(row: z.ZodType<T>, statement: Sql): Promise<T[]>;
  one<T>(row: z.ZodType<T>, statement: Sql): Promise<T>;
  /**
   * The rows of a statement with one text column, batch after batch through a cursor, so that a table of any size takes as
   * much memory as a small one.
   */
  batches(statement: Sql): AsyncGenerator<string[]>;
}

/** A batch is about so large, in characters, whatever its rows are like. */
const batch_chars = 1 << 19;
const [fewest, most] = [1, 1000];

/**
 * Opens a connection and one transaction on it: `read` sees one moment of the database, however long it takes. Commits when
 * the work ends well and keeps nothing otherwise; a process that is killed leaves nothing behind.
 */
export async function onOwnConnection<T>(
  db: Pick<Database, 'connect'>,
  mode: 'read' | 'write',
  work: (connection: OwnConnection) => Promise<T>,
): Promise<T> {
  const client = await db.connect();
  // A connection that breaks fails the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  const query = async ({ text, values }: Sql) => client.query({ text, values: [...values] });
  let cursors = 0;
  const many: OwnConnection['many'] = async (row, statement) =>
    (await query(statement)).rows.map(value => row.parse(value));
  const connection: OwnConnection = {
    run: async statement => (await query(statement)).rowCount ?? 0,
    many,
    async one(row, statement) {
      const rows = await many(row, statement);
      const [only] = rows;
      if (only === undefined || rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
      return only;
    },
    async *batches({ text, values }) {
      const cursor = `rows_${++cursors}`;
      await query({ text: `declare ${cursor} no scroll cursor for ${text}`, values });
      const fetch = (rows: number) =>
        client.query<[string]>({ text: `fetch ${rows} from ${cursor}`, rowMode: 'array' });
      let wanted = 20;
      for (let coming = fetch(wanted); ; ) {
        const lines = (await coming).rows.map(([line]) => line);
        const isLast = lines.length < wanted;
        if (!isLast) {
          const chars = lines.reduce((sum, line) => sum + line.length, 0);
          const fitting = Math.floor((batch_chars * lines.length) / Math.max(1, chars));
          wanted = Math.min(most, Math.max(fewest, fitting));
          // The next ones are on their way while these are worked on; whether they come is found out one turn later.
          coming = fetch(wanted);
          coming.catch(() => undefined);
        }
        if (lines.length > 0) yield lines;
        if (isLast) break;
      }
      await client.query(`close ${cursor}`);
    },
  };
  try {
    await client.query(mode === 'read' ? 'begin isolation level repeatable read, read only' : 'begin');
    const result = await work(connection);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
