import pg from 'pg';
import type { DatabaseAddress } from '../db.ts';

/** Makes a database unless it is there; ten processes may do so at once. */
export async function ensureDatabase(admin: DatabaseAddress, name: string): Promise<void> {
  const client = new pg.Client({ ...admin, ssl: false });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // 42P04 and 23505: another process was faster. 55006: it is copying the template at this moment.
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : '';
    if (code === '55006') return ensureDatabase(admin, name);
    if (!['42P04', '23505'].includes(code)) throw error;
  } finally {
    await client.end();
  }
}
