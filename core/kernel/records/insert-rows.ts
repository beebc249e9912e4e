import { rowsAs } from '../database/many-rows.ts';
import { identifier, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { columnList } from './columns.ts';
import type { RecordSpec, StoredRow } from './record.ts';
import { typeOf } from './record-queries.ts';

/**
 * Inserts many rows of the same columns in statements of a few hundred each; answers nothing, and leaves their search
 * documents to the caller. The statements are on their way when it returns, so a caller who need not wait can make the next rows
 * while the database takes these.
 */
export async function insertRows<R extends StoredRow>(
  context: ReadContext,
  record: RecordSpec<R>,
  rows: readonly Partial<R>[],
): Promise<void> {
  await Promise.all(insertionsOf(context, record, rows).map(statement => context.tx.run(statement)));
}

/** The statements of `insertRows`, for who makes them before it is their turn. */
export function insertionsOf<R extends StoredRow>(
  { organization }: Pick<ReadContext, 'organization'>,
  record: RecordSpec<R>,
  rows: readonly Partial<R>[],
): Sql[] {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map(name => [name, typeOf(record, name)] as const);
  const statements: Sql[] = [];
  for (let start = 0; start < rows.length; start += 500) {
    statements.push(sql`
      insert into ${identifier(record.table)} (organization_id, ${columnList(names)})
      select ${organization.id}::uuid, ${columnList(names)}
      from ${rowsAs(columns, rows.slice(start, start + 500))}`);
  }
  return statements;
}
