import type { IncomingMessage, ServerResponse } from 'node:http';
import type pino from 'pino';
import { newId } from '../../core/kernel/database/ids.ts';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import { clientAddress, noProxies, type TrustedProxies } from './client-address.ts';
import type { Credential } from './credentials.ts';

/** What the server knows about one request while it lasts. */
export interface Trace {
  readonly request_id: string;
  readonly ip: string;
  /** What the caller showed to identify itself; whether it is good is found out by the database. */
  credential?: Credential | undefined;
  /** The pattern of the route that was taken, `/api/contacts/:id`: a path may hold names and addresses. */
  route?: string;
  /** Told the status when the whole answer is sent. */
  ended?: (status: number) => void;
}

const traces = new WeakMap<IncomingMessage, Trace>();

/** The trace of a request; made when it has none yet. `proxies` are believed where it comes from. */
export function traceOf(request: IncomingMessage, proxies = noProxies): Trace {
  const known = traces.get(request);
  if (known) return known;
  const trace = { request_id: newId(), ip: clientAddress(request, proxies) };
  traces.set(request, trace);
  return trace;
}

/** The id of a request: in the answer, the logs and the audit log. A caller's own header is not trusted. */
export const requestIdOf = (request: IncomingMessage): string => traceOf(request).request_id;

/** For the lines of requests, whose members are named below: looking for secrets among them took longer than writing them. */
export const requestLogger = (logger: pino.Logger): pino.Logger => logger.child({}, { redact: [] });

/**
 * Gives a request its id and writes one line when it is over: method, path, status, milliseconds, request id, kind of
 * caller. Never keys, cookies, queries, bodies or addresses of people.
 */
export function traceRequest(
  { logger, proxies }: { logger: pino.Logger; proxies?: TrustedProxies | undefined },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const started = performance.now();
  const trace = traceOf(request, proxies);
  // Express shortens it for what is mounted on a path.
  const { url = '' } = request;
  response.once('close', () => {
    const status = response.statusCode;
    const line = {
      method: request.method,
      path: trace.route ?? safePath(url),
      status,
      ms: Math.round((performance.now() - started) * 10) / 10,
      request_id: trace.request_id,
      actor: status === 401 ? 'nobody' : actorKind(trace),
    };
    logger.info(response.writableFinished ? line : { ...line, aborted: true }, 'request');
    if (response.writableFinished) trace.ended?.(status);
  });
}

function actorKind({ credential }: Trace): string {
  if (!credential) return 'nobody';
  return credential.caller.via === 'key' ? 'agent' : 'user';
}

/** A path without its query, and without what looks like a secret, a name or an address. */
export function safePath(url: string): string {
  const [path = ''] = url.split('?', 1);
  return path
    .split('/')
    .slice(0, 8)
    .map(segment => (isPlain(segment) ? segment : ':hidden'))
    .join('/');
}

// Words of our own addresses, and references; a sign-in token or an e-mail address is neither.
const isPlain = (segment: string) =>
  /^[a-z_.-]{0,30}$/.test(segment) || (segment === segment.toUpperCase() && looksLikeReference(segment));
