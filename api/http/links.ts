import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { type Answers, headersOf } from './envelope.ts';
import { formPageHeaders, linkPage, refusalPage } from './form-page.ts';
import { type Limits, limitWorthless } from './limits.ts';
import { noRoute } from './rest.ts';
import { requestIdOf, traceOf } from './trace.ts';

interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  token: string;
}

/**
 * The links of customers, `/<path>/<token>`, as the domains registered them: GET shows and changes nothing, POST does it.
 * Unknown, used and expired ones get one same page. False when it is another address.
 */
export function serveLinks(
  app: App,
  answers: Answers,
  limits?: Limits,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const paths = new Set([...app.registry.links.values()].map(({ path }) => path));
  const countWorthless = limitWorthless(limits);
  const worthless = (visit: Visit) => {
    countWorthless(visit.request);
    send(visit, 404, refusalPage('This link is not valid (any more).'));
  };
  const refuse = (visit: Visit, error: unknown) => {
    const wire = answers.describe(visit.request, error);
    const text = wire.code === 'RATE_LIMITED' ? 'Please wait a minute.' : 'Something went wrong on our side.';
    send(visit, wire.status, refusalPage(`${text} Then try again.`), headersOf(wire));
  };
  return (request, response) => {
    const [, path = '', token = '', more] = request.url?.split('?', 1)[0]?.split('/') ?? [];
    if (!paths.has(path) || more !== undefined) return false;
    // The pattern, because the address itself is the secret.
    traceOf(request).route = `/${path}/:token`;
    const { method = '' } = request;
    const visit = { request, response, path, token };
    if (!['GET', 'HEAD', 'POST'].includes(method)) {
      const methods = ['GET', 'POST'];
      answers.refuse(request, response, noRoute(method, `/${path}/:token`, methods), { allow: 'GET, POST' });
      return true;
    }
    serve(app, visit, method === 'POST')
      .catch((error: unknown) => {
        if (!(error instanceof DeskhandError && error.code === 'UNAUTHENTICATED')) throw error;
        worthless(visit);
      })
      .catch((error: unknown) => refuse(visit, error));
    return true;
  };
}

async function serve(app: App, visit: Visit, acts: boolean): Promise<void> {
  const { request, path, token } = visit;
  if (!/^[\w-]{43}$/.test(token)) throw new DeskhandError('UNAUTHENTICATED', 'This is no link of ours.');
  const { page, done, call } = await app.openLink(path, token, factsOf(request));
  if (!acts) {
    send(visit, 200, linkPage(page.title, page.lines, page.button));
    return;
  }
  await app.execute({ via: 'link', token }, call, factsOf(request));
  send(visit, 200, linkPage(done.title, done.lines));
}

function send(
  { request, response }: Visit,
  status: number,
  text: string,
  headers: Record<string, string> = {},
) {
  if (response.destroyed || response.headersSent) return;
  // What a button sends says nothing; it is read away, so that the connection can go on.
  request.resume();
  response.writeHead(status, {
    ...formPageHeaders,
    ...headers,
    'x-robots-tag': 'noindex, nofollow',
    'x-request-id': requestIdOf(request),
    'content-length': Buffer.byteLength(text),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
