import { bringUpToDate, findDatabase } from '../compose.ts';
import type { Config } from '../config.ts';

/** `deskhand migrate`: says which files were run. */
export async function runMigrations(config: Config): Promise<void> {
  const { owner } = await findDatabase(config);
  const done = await bringUpToDate(config, owner);
  console.log(
    done.length === 0 ? 'The schema is up to date.' : `Applied ${done.length}:\n${done.join('\n')}`,
  );
}
