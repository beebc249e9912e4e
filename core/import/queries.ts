import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** Makes imports of one business wait for each other: of two of the same file the second finds everybody known. */
export async function lockImports(context: ReadContext): Promise<void> {
  await context.tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`import:${context.organization.id}`}, 0))`,
  );
}
