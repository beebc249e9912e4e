import type { Server } from 'node:http';
import type { RequestHandler } from 'express';
import type { Worker } from '../../core/jobs/worker.ts';
import { createPuzzles } from '../../core/kernel/outside/puzzles.ts';
import type { PagesOptions } from '../../web-review/router.ts';
import { noteAddress } from '../address.ts';
import { createDeskhand, type Installation, openInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import type { Checks } from '../http/health.ts';
import { createListener } from '../http/listener.ts';
import { createHttpApp } from '../http/server.ts';
import { createLogger, type Logger } from '../logger.ts';
import { mountMcp } from '../mcp.ts';
import { oauthRoutes } from '../oauth/routes.ts';
import { createAuthorizationServer } from '../oauth/server.ts';
import { readVersion } from '../version.ts';
import { ensureDemo, growInBackground } from './demo.ts';
import { clearAwayLeftovers, growSparingly, optimizeAgain } from './leftovers.ts';
import { boundTo, listen } from './listen.ts';
import { lookAtReadiness, startInstallationWorker } from './running.ts';
import { untilStopped } from './stop.ts';
import { stopNote, welcome } from './welcome.ts';

/** `deskhand serve`: database, pages, API, MCP endpoint and worker in one process, until it is told to stop. */
export async function serve(config: Config): Promise<void> {
  growSparingly();
  const logger = createLogger(config.logLevel);
  const opened = await openInstallation(config, {
    connections: config.connections ?? 20,
    onModelTrouble: (message, facts) => logger.warn(facts, message),
    onTrouble: message => logger.warn(message),
  });
  const server = createListener({ proxies: config.proxies });
  // Before the demo is founded: a port that is taken must not make the second start the first one.
  await listen(server, config);
  const { port } = boundTo(server.address());
  // PORT=0 lets the system choose; what is printed and linked is the port it chose.
  const reached = { ...config, baseUrl: config.baseUrl.replace(/:0$/, `:${port}`) };
  const app = createDeskhand(
    opened.db,
    reached.baseUrl,
    { ...opened, observer: opened.watch.observer },
    opened.sealing,
  );
  const installation = { ...opened, config: reached, app };
  let worker: Worker | undefined;
  const ready = lookAtReadiness(installation, () => worker);
  server.on('request', createApp(installation, logger, ready));
  optimizeAgain();
  await noteAddress(reached);
  const isNew = await ensureDemo(installation);
  worker = config.runsWorker ? startInstallationWorker(installation, logger) : undefined;
  const growth = config.demo === 'full' ? growInBackground(installation, logger) : undefined;
  const text = await welcome(installation, reached, { isNew, isSeen: process.stdout.isTTY === true });
  // From here on it can be told to stop; whoever reads the text may do so at once.
  const stopped = untilStopped();
  console.log(text);
  clearAwayLeftovers();

  await stopped;
  console.log(stopNote(config));
  await growth?.stop();
  await stop(server, worker, installation);
}

function createApp(installation: Installation, logger: Logger, ready: () => Promise<Checks>) {
  const { app, db, config, sealing, watch } = installation;
  // Every process of an installation asks the same puzzles, so that one may check what another asked.
  const { vault } = sealing;
  const puzzles = createPuzzles(vault.key_id === '' ? undefined : text => vault.sign(text));
  const { baseUrl } = config;
  const onDefect = (error: unknown, request_id?: string) =>
    logger.error({ err: error, request_id }, 'the authorization server failed');
  const authorization = createAuthorizationServer({ app, db, baseUrl, onDefect });
  return createHttpApp({
    app,
    logger,
    baseUrl,
    countsAs: authorization.countsAs,
    oauth: oauthRoutes({ app, db, baseUrl, server: authorization, onDefect }),
    version: readVersion(),
    ready,
    metrics: watch.metrics,
    metricsToken: config.watching.metricsToken,
    proxies: config.proxies,
    puzzles,
    ...(config.callsPerMinute === undefined ? {} : { limits: { callsPerMinute: config.callsPerMinute } }),
    mcp: mountMcp(app, {
      baseUrl: config.baseUrl,
      host: config.host,
      logger,
      onToken: authorization.onToken,
    }),
    pages: pagesWhenAsked({
      app,
      db,
      baseUrl: config.baseUrl,
      dataDir: config.dataDir,
      demo: config.demo !== false,
      puzzles,
      connecting: authorization,
      onDefect: (error, request_id) => logger.error({ err: error, request_id }, 'a page failed'),
    }),
  });
}

/** Read when somebody looks at the first one: agents and programs never do (decision 067). */
function pagesWhenAsked(options: PagesOptions): RequestHandler {
  let made: Promise<RequestHandler> | undefined;
  return (request, response, next) => {
    made ??= import('../../web-review/router.ts').then(({ createPages }) => createPages(options));
    made.then(pages => pages(request, response, next)).catch(next);
  };
}

/** Calls may take this long to end: less than the ten seconds after which service managers kill. */
const patience_ms = 8_000;

/** No new calls, those under way end, then the worker's deliveries, then the pool. The database goes on by itself. */
async function stop(server: Server, worker: Worker | undefined, installation: Installation): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const hurry = setTimeout(() => server.closeAllConnections(), patience_ms);
  await closed;
  clearTimeout(hurry);
  await worker?.stop();
  await installation.close();
}
