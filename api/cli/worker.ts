import { startWorker } from '../../core/jobs/worker.ts';
import { jobTools, openInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../logger.ts';
import { untilStopped } from './stop.ts';

/** `deskhand worker`: delivers the outbox until it is told to stop. */
export async function worker(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  const installation = await openInstallation(config, {
    onModelTrouble: (message, facts) => logger.warn(facts, message),
  });
  const running = startWorker({
    db: installation.db,
    registry: installation.app.registry,
    tools: jobTools(installation),
    onProblem: (message, facts) => logger.warn(facts, message),
  });
  const stopped = untilStopped();
  console.error('The worker is running; Ctrl+C stops it.');
  await stopped;
  await running.stop();
  await installation.close();
}
