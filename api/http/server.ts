import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type pino from 'pino';
import type { App } from '../../core/app.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Puzzles } from '../../core/kernel/outside/puzzles.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import type { FindOauthRoute } from '../oauth/routes.ts';
import { serveApi } from './api.ts';
import type { TrustedProxies } from './client-address.ts';
import { sessionCookieName } from './credentials.ts';
import { describeOnce } from './document.ts';
import { type Answers, createAnswers } from './envelope.ts';
import { serveFeeds } from './feeds.ts';
import { apiHeaders } from './headers.ts';
import { type HealthOptions, serveHealth } from './health.ts';
import { type CountsAs, type IsGood, type Limits, limitCalls } from './limits.ts';
import { serveLinks } from './links.ts';
import { requireOneHost } from './listener.ts';
import { describeApi } from './openapi.ts';
import { checkAddress } from './origin.ts';
import { findPublicRoute } from './public-routes.ts';
import { apiRoutes } from './rest.ts';
import { requestLogger, traceOf, traceRequest } from './trace.ts';
import { serveWebhooks } from './webhooks.ts';

export interface HttpOptions extends HealthOptions {
  app: App;
  logger: pino.Logger;
  /** Where people reach the server, without a slash at the end. */
  baseUrl: string;
  version: string;
  /** The MCP endpoint; it reads its own body and checks its own callers. */
  mcp?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** The web pages, and addresses below `/api` that are no actions (webhooks). */
  pages?: RequestHandler;
  /** What tokens are counted as. */
  countsAs?: CountsAs;
  /** What programs ask of the authorization server. */
  oauth?: FindOauthRoute;
  limits?: Limits;
  /** They are believed where a request comes from; nobody when left out. */
  proxies?: TrustedProxies;
  puzzles?: Puzzles;
}

/**
 * The HTTP server, for `createServer`: the API and its REST aliases, health checks, the OpenAPI document, and what is
 * mounted beside them. Every answer that is no page is the envelope (PLT-07). Calls of the API and the MCP endpoint do
 * not pass through Express: it took longer than all the rest of the way from the socket to the core. Pages do.
 */
export function createHttpApp(options: HttpOptions): RequestListener {
  const { app, logger, baseUrl, mcp, oauth } = options;
  const answers = createAnswers({ logger, baseUrl });
  const tracing = { logger: requestLogger(logger), proxies: options.proxies };
  const routes = apiRoutes(app.registry);
  const requireAddress = checkAddress(baseUrl);
  const limit = limitCalls(
    {
      cookieName: sessionCookieName(baseUrl),
      isGood: isGoodHere(app),
      countCalls: app.countCalls,
      countsAs: options.countsAs,
    },
    options.limits,
  );
  const health = serveHealth(options, answers);
  const api = serveApi(app, routes, answers);
  const publicRoute = findPublicRoute(app, answers, options);
  const webhooks = serveWebhooks(app, answers, options);
  const links = serveLinks(app, answers, options);
  const feeds = serveFeeds(app, answers, options);
  const mcpHeaders = Object.entries(apiHeaders(baseUrl));
  const document = describeOnce(() => describeApi(app.registry, routes, options), baseUrl);
  const web = webWhenAsked(options, answers);
  const callApi: RequestListener = (request, response) => {
    if (!api(request, response)) web(request, response);
  };
  const callMcp: RequestListener = (request, response) => {
    traceOf(request).route = '/mcp';
    for (const [name, value] of mcpHeaders) response.setHeader(name, value);
    mcp?.(request, response).catch((error: unknown) => answers.refuse(request, response, error));
  };
  /** Serves a call as soon as it may come in: at once, unless its credential is looked up first. */
  const limited = (serve: RequestListener, request: IncomingMessage, response: ServerResponse) => {
    const waits = limit(request, response);
    if (!waits) return serve(request, response);
    waits
      .then(() => serve(request, response))
      .catch((error: unknown) => answers.refuse(request, response, error));
  };
  return (request, response) => {
    traceRequest(tracing, request, response);
    try {
      requireOneHost(request.rawHeaders);
      // Before the address is checked: whoever watches over the machine calls it by its number.
      if (health(request, response)) return;
      const form = publicRoute(request);
      const program = form ? undefined : oauth?.(request);
      requireAddress(request, form !== undefined || program !== undefined);
      if (form) {
        form(response);
        return;
      }
      if (program) {
        program(response).catch((error: unknown) => answers.refuse(request, response, error));
        return;
      }
      if (webhooks(request, response) || links(request, response) || feeds(request, response)) return;
      if (request.url?.startsWith('/api/')) return limited(callApi, request, response);
      if (mcp && isMcp(request)) return limited(callMcp, request, response);
      const described = document.serve(request, response);
      if (described) {
        described.catch((error: unknown) => answers.refuse(request, response, error));
        return;
      }
      web(request, response);
    } catch (error) {
      answers.refuse(request, response, error);
    }
  };
}

/** Whether a credential is good, told by the database. */
const isGoodHere =
  (app: App): IsGood =>
  async ({ caller }) => {
    try {
      // A token is counted like a key; where it opens nothing, it is refused after.
      await app.whoIs(caller.via === 'key' ? { ...caller, or: 'token' } : caller, { request_id: newId() });
      return true;
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
  };

/** Pages, and Express, which carries nothing else: read when somebody looks at the first one (decision 067). */
function webWhenAsked(options: HttpOptions, answers: Answers): RequestListener {
  let made: Promise<RequestListener> | undefined;
  return (request, response) => {
    made ??= import('./web.ts').then(({ createWeb }) => createWeb(options, answers));
    made
      .then(web => web(request, response))
      .catch((error: unknown) => {
        // A file that could not be read may be there for the next one.
        made = undefined;
        answers.refuse(request, response, error);
      });
  };
}

const isMcp = ({ url = '' }: IncomingMessage) => /^\/mcp\/?(\?|$)/.test(url);
