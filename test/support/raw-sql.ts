import type pg from 'pg';
import { type Sql, sql } from '../../core/kernel/database/sql.ts';
import type { Business, Office } from './office.ts';

const somebody = { kind: 'system', name: 'somebody with SQL' };

/** Runs a statement past every action as the application's role: what a defect in our own code could do. */
export function asApplication(office: Office, business: Business, statement: Sql): Promise<number> {
  return office.db.transaction('read write', async tx => {
    await tx.run(sql`select set_ctx(${business.id}::uuid, null, ${JSON.stringify(somebody)}::jsonb)`);
    return tx.run(statement);
  });
}

/** Runs a statement in Bright Panes as the owner of the tables, whom no policy binds: what an administrator types. */
export async function asTableOwner(
  office: Office,
  text: string,
  values: unknown[] = [],
): Promise<pg.QueryResult> {
  const client = await office.database.owner.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('app.actor', $1, true), set_config('app.current_organization_id', $2, true)`,
      [JSON.stringify(somebody), office.bright.id],
    );
    const result = await client.query(text, values);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Closes a visit the way close-out will, below all actions. */
export const closeTicket = (office: Office, reference: string) =>
  asTableOwner(office, `update tickets set status = 'closed', closed_at = now() where reference = $1`, [
    reference,
  ]);
