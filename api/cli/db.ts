import { stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../settings/values.ts';

/** `deskhand db stop`: ends the embedded database; whoever comes next starts it again. */
export async function stopDatabase(config: Config): Promise<void> {
  if (config.database) throw new ConfigError('DATABASE_URL is set: that database is not ours to stop.');
  const stopped = await stopEmbedded(config.dataDir);
  console.log(stopped ? 'The database is stopped.' : 'The database was not running.');
}
