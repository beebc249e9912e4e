import { createHash } from 'node:crypto';
import type pg from 'pg';

/**
 * Asks a question that a file asks again and again, and that is long: prepared by name, so that a connection reads and plans it
 * once. A question about a hundred tables is planned for as long as it is answered.
 */
export async function askAgain<Row extends pg.QueryResultRow>(
  owner: pg.Pool,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const { rows } = await owner.query<Row>({ name, text, values: [...values] });
  return rows;
}
