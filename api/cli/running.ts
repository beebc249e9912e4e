import { startWorker, type Worker } from '../../core/jobs/worker.ts';
import { isMigrated } from '../../core/kernel/database/migrate.ts';
import { type Installation, jobTools } from '../compose.ts';
import type { Checks } from '../http/health.ts';
import type { Logger } from '../logger.ts';

/** The worker of this process. */
export const startInstallationWorker = (installation: Installation, logger: Logger): Worker =>
  startWorker({
    db: installation.db,
    registry: installation.app.registry,
    tools: jobTools(installation),
    observer: installation.watch.observer,
    onProblem: (message, facts) => logger.warn(facts, message),
  });

/**
 * Whether calls can be served now: the database answers, every migration of this version has run, the worker turns. Asked by
 * load balancers, never cached, but for what cannot become untrue: a schema does not grow older.
 */
export function lookAtReadiness(
  { db }: Pick<Installation, 'db'>,
  worker: () => Worker | undefined,
): () => Promise<Checks> {
  let wasMigrated = false;
  return async () => {
    const turns = worker()?.isTurning();
    const rest = turns === undefined ? {} : { worker: turns ? 'ok' : 'stuck' };
    try {
      if (wasMigrated) await db.ping();
      else wasMigrated = await isMigrated(db);
      return { database: 'ok', schema: wasMigrated ? 'ok' : 'behind', ...rest };
    } catch {
      return { database: 'down', ...rest };
    }
  };
}
