import type { Server } from 'node:http';
import type { Worker } from '../../core/jobs/worker.ts';
import { type Installation, openInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { createLogger } from '../logger.ts';
import { clearAwayLeftovers, growSparingly, optimizeAgain } from './leftovers.ts';
import { lookAtReadiness, startInstallationWorker } from './running.ts';
import { untilStopped } from './stop.ts';

/** `deskhand worker`: delivers the outbox until it is told to stop; answers health checks when it has a port for them. */
export async function worker(config: Config): Promise<void> {
  growSparingly();
  const logger = createLogger(config.logLevel);
  const installation = await openInstallation(config, {
    onModelTrouble: (message, facts) => logger.warn(facts, message),
    onTrouble: message => logger.warn(message),
  });
  optimizeAgain();
  const running = startInstallationWorker(installation, logger);
  const port = config.workerPort;
  const health = port === undefined ? undefined : await answerHealth(installation, running, port);
  const stopped = untilStopped();
  console.error('The worker is running; Ctrl+C stops it.');
  clearAwayLeftovers();
  await stopped;
  health?.close();
  health?.closeAllConnections();
  await running.stop();
  await installation.close();
}

/** What a worker says of itself to whoever watches over it; loaded by those who want it. */
async function answerHealth(installation: Installation, running: Worker, port: number): Promise<Server> {
  const [{ createListener }, { createAnswers }, { serveHealth }, { boundTo, listen }] = await Promise.all([
    import('../http/listener.ts'),
    import('../http/envelope.ts'),
    import('../http/health.ts'),
    import('./listen.ts'),
  ]);
  const { config, watch } = installation;
  const answers = createAnswers({ logger: createLogger(config.logLevel), baseUrl: config.baseUrl });
  const health = serveHealth(
    {
      ready: lookAtReadiness(installation, () => running),
      metrics: watch.metrics,
      metricsToken: config.watching.metricsToken,
    },
    answers,
  );
  const server = createListener({ proxies: config.proxies });
  server.on('request', (request, response) => {
    if (health(request, response)) return;
    response.statusCode = 404;
    response.end();
  });
  await listen(server, { host: config.host, port }, other => `WORKER_PORT=${other} deskhand worker`);
  const { port: bound } = boundTo(server.address());
  console.error(`Health checks: http://${config.host}:${bound}/readyz`);
  return server;
}
