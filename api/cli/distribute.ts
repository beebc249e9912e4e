import { openDatabase } from '../../core/kernel/database/db.ts';
import { distribution } from '../../core/kernel/database/distribute.ts';
import { onOwnConnection } from '../../core/kernel/database/own-connection.ts';
import { bringUpToDate, findDatabase } from '../compose.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../settings/values.ts';

/**
 * `deskhand distribute`: turns the schema into one that is distributed by business over a Citus cluster, in one transaction; with
 * `--print` it only says the statements. Run again after an upgrade it distributes the tables that came with it.
 */
export async function distribute(config: Config, { print }: { print?: boolean }): Promise<void> {
  const { owner } = await findDatabase(config);
  await bringUpToDate(config, owner);
  const db = openDatabase({ address: owner, connections: 1 });
  try {
    const statements = await onOwnConnection(db, 'read', distribution);
    if (print) {
      console.log(`${statements.join(';\n')};`);
      return;
    }
    const client = await db.connect();
    try {
      const { rowCount } = await client.query("select from pg_available_extensions where name = 'citus'");
      if (rowCount === 0)
        throw new ConfigError(
          'This PostgreSQL has no Citus; DATABASE_OWNER_URL names the coordinator of a cluster.',
        );
      await client.query('begin');
      for (const statement of statements) await client.query(statement);
      await client.query('commit');
    } finally {
      await client.end();
    }
    console.log(
      statements.length === 0
        ? 'Everything is distributed already.'
        : `Distributed: ${statements.length} statements.`,
    );
  } finally {
    await db.close();
  }
}
