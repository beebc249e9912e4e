import type { Tx } from './db.ts';
import { sql } from './sql.ts';

/**
 * Makes whoever wants the same of this business wait until this transaction ends: `import`, or `company:Oak Lane` where
 * only one name must not be given twice.
 */
export async function lockInBusiness(
  { tx, organization }: { tx: Tx; organization: { id: string } },
  what: string,
): Promise<void> {
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${what}:${organization.id}`}, 0))`);
}

/** Makes whoever locks it with `lockInBusiness` wait for all who share it until this transaction ends, and they for that one. */
export async function shareInBusiness(
  { tx, organization }: { tx: Tx; organization: { id: string } },
  what: string,
): Promise<void> {
  await tx.run(
    sql`select pg_advisory_xact_lock_shared(hashtextextended(${`${what}:${organization.id}`}, 0))`,
  );
}
