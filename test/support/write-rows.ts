import pg from 'pg';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';

/** Rows by table, as they are written. */
export type Tables = Record<string, Record<string, unknown>[]>;

/**
 * Writes rows as they are, past every trigger: what would happen along with them is not what is looked at. `admin` is a
 * superuser. With `instead` the rows of the business that stand in these tables go first.
 */
export async function writeRows(
  admin: DatabaseAddress,
  tables: Tables,
  instead?: { organization_id: string },
): Promise<void> {
  const client = new pg.Client({ ...admin, ssl: false });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    if (instead)
      for (const table of Object.keys(tables).reverse())
        await client.query(`delete from ${table} where organization_id = $1`, [instead.organization_id]);
    for (const [table, rows] of Object.entries(tables)) {
      const columns = [...new Set(rows.flatMap(row => Object.keys(row)))].join(', ');
      for (let at = 0; at < rows.length; at += 5000) {
        await client.query(
          `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
          [JSON.stringify(rows.slice(at, at + 5000))],
        );
      }
    }
    await client.query(`analyze ${Object.keys(tables).join(', ')}`);
  } finally {
    await client.end();
  }
}
