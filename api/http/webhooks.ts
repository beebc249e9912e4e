import type { IncomingMessage, ServerResponse } from 'node:http';
import type pino from 'pino';
import type { App } from '../../core/app.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { readRaw } from './body.ts';
import type { Answers } from './envelope.ts';
import { type Limits, limitWorthless } from './limits.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

/** Largest event, in bytes. */
const limit_bytes = 256 * 1024;

/**
 * `POST /api/webhooks/<provider>` and `/api/webhooks/<provider>/<slug>` (PLT-21): the body goes to the core as it came,
 * because that is what was signed. False when it is another address. What is not believed, or is nobody's here, is a line of the
 * log at `warn`: who runs the installation finds there what no business can see.
 */
export function serveWebhooks(
  app: App,
  answers: Answers,
  { logger, limits }: { logger: pino.Logger; limits?: Limits | undefined },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const countWorthless = limitWorthless(limits);
  const take = async (request: IncomingMessage, provider: string, slug: string | undefined) => {
    const body = await readRaw(request, limit_bytes);
    const request_id = requestIdOf(request);
    try {
      const { stray } = await app.receive(
        { provider, slug, message: { headers: single(request), body } },
        factsOf(request),
      );
      if (stray) logger.warn({ ...stray, request_id }, 'an event of a service is of no business here');
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'UNAUTHENTICATED') {
        logger.warn({ provider, slug, request_id }, 'a message with a wrong signature, or too old');
        countWorthless(request);
      }
      throw error;
    }
  };
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const [, provider, slug] = /^\/api\/webhooks\/([a-z_]{1,40})(?:\/([\w-]{1,60}))?\/?$/.exec(path) ?? [];
    if (provider === undefined) return false;
    traceOf(request).route = slug === undefined ? '/api/webhooks/:provider' : '/api/webhooks/:provider/:slug';
    const { method = '' } = request;
    if (method !== 'POST' || !app.registry.webhooks.has(provider)) {
      const methods = app.registry.webhooks.has(provider) ? ['POST'] : [];
      answers.refuse(request, response, noRoute(method, path, methods), { allow: methods.join(', ') });
      return true;
    }
    take(request, provider, slug).then(
      // Whether it was new is nobody's business.
      () => answers.data(request, response, { received: true }),
      (error: unknown) => answers.refuse(request, response, error),
    );
    return true;
  };
}

/** Headers that came once, by their lower-case names. */
const single = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
