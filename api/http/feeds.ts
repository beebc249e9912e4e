import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import type { FeedSpec } from '../../core/kernel/outside/feeds.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { factsOf } from './api.ts';
import { type Answers, headersOf } from './envelope.ts';
import { apiHeaders } from './headers.ts';
import { type Limits, limitFeeds, limitWorthless } from './limits.ts';
import { requestIdOf, traceOf } from './trace.ts';

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  feed: FeedSpec;
  token: string;
}

/**
 * What programs of people read again and again, `/<path>/<token><ending>`, as the domains registered it. Unknown and revoked
 * ones get one same answer. Nobody in between may keep a copy; the program that has one asks by its tag and is told when
 * nothing has changed. False when it is another address.
 */
export function serveFeeds(
  app: App,
  answers: Answers,
  { baseUrl, limits }: { baseUrl: string; limits?: Limits | undefined },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { 'content-type': _json, ...fixed } = apiHeaders(baseUrl);
  const countWorthless = limitWorthless(limits);
  const count = limitFeeds(limits);
  const refuse = ({ request, response }: Arrival, error: unknown) => {
    const wire = answers.describe(request, error);
    const isGone = wire.code === 'UNAUTHENTICATED';
    const text = isGone ? 'This address is not valid (any more).' : wire.message;
    send({ request, response }, isGone ? 404 : wire.status, `${text}\n`, {
      ...fixed,
      ...headersOf(wire),
      'content-type': 'text/plain; charset=utf-8',
    });
  };
  return (request, response) => {
    const [, path = '', name = '', more] = request.url?.split('?', 1)[0]?.split('/') ?? [];
    const feed = app.registry.feeds.get(path);
    if (!feed || more !== undefined || !name.endsWith(feed.ending)) return false;
    // The pattern, because the address itself is the secret.
    traceOf(request).route = `/${path}/:token${feed.ending}`;
    const arrival = { request, response, feed, token: name.slice(0, -feed.ending.length) };
    const { method = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      send(arrival, 405, 'This address is only read.\n', { ...fixed, allow: 'GET, HEAD' });
      return true;
    }
    read(app, arrival, count)
      .then(text => answer(arrival, text, fixed))
      .catch((error: unknown) => {
        if (error instanceof DeskhandError && error.code === 'UNAUTHENTICATED') countWorthless(request);
        throw error;
      })
      .catch((error: unknown) => refuse(arrival, error));
    return true;
  };
}

async function read(
  app: App,
  { request, feed, token }: Arrival,
  count: (token: string) => void,
): Promise<string> {
  if (!/^[\w-]{43}$/.test(token)) throw new DeskhandError('UNAUTHENTICATED', 'This is no address of ours.');
  count(token);
  return app.openFeed(feed.path, token, factsOf(request));
}

function answer(arrival: Arrival, text: string, fixed: Readonly<Record<string, string>>): void {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  const headers = { ...fixed, 'cache-control': 'private, no-cache', etag };
  if (isKnown(arrival.request.headers['if-none-match'], etag)) send(arrival, 304, '', headers);
  else send(arrival, 200, text, { ...headers, 'content-type': arrival.feed.content_type });
}

/** Whether one of the tags of `If-None-Match` is this one, strong or weak. */
const isKnown = (asked: string | undefined, etag: string): boolean =>
  (asked ?? '').split(',').some(tag => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

function send(
  { request, response }: Pick<Arrival, 'request' | 'response'>,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed || response.headersSent) return;
  request.resume();
  response.writeHead(status, {
    ...headers,
    'x-robots-tag': 'noindex, nofollow',
    'x-request-id': requestIdOf(request),
    ...(status === 304 ? {} : { 'content-length': Buffer.byteLength(text) }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
