import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../../core/app.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { apiHeaders } from '../http/headers.ts';
import { requestIdOf } from '../http/trace.ts';
import { metadataDocuments, paths } from './metadata.ts';
import { registerClient } from './register.ts';
import type { AuthorizationServer } from './server.ts';

interface RoutesOptions {
  app: App;
  db: Database;
  baseUrl: string;
  server: AuthorizationServer;
  onDefect?: (error: unknown, request_id: string) => void;
}

/** Answers a request, once its address has been checked; undefined for what is not ours. */
export type FindOauthRoute = (
  request: IncomingMessage,
) => ((response: ServerResponse) => Promise<void>) | undefined;

const anyPage = { 'access-control-allow-origin': '*' };

/**
 * What programs ask of the authorization server without a person: the documents by which they find it, registering, and everything
 * about tokens. Pages of any web site may, for nobody is known here by a cookie.
 */
export function oauthRoutes(options: RoutesOptions): FindOauthRoute {
  const { baseUrl, server, onDefect } = options;
  const documents = metadataDocuments(baseUrl);
  const fixed = { ...apiHeaders(baseUrl), 'cross-origin-resource-policy': 'cross-origin' };
  const send = (
    { request, response }: { request: IncomingMessage; response: ServerResponse },
    status: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const text = JSON.stringify(body);
    response.writeHead(status, {
      ...fixed,
      ...anyPage,
      'x-request-id': requestIdOf(request),
      'content-length': Buffer.byteLength(text),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  const methods = new Map<string, string>([
    ...[...documents.keys()].map(path => [path, 'GET, HEAD'] as const),
    ...[paths.token, paths.revoke, paths.register].map(path => [path, 'POST'] as const),
  ]);
  return request => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const allowed = methods.get(path);
    if (allowed === undefined) return undefined;
    const { method = '' } = request;
    return async response => {
      const exchange = { request, response };
      if (method === 'OPTIONS') return preflight(exchange, allowed);
      if (!allowed.split(', ').includes(method)) {
        const error = { error: 'invalid_request', error_description: `This address takes ${allowed}.` };
        return send(exchange, 405, error, { allow: allowed });
      }
      const document = documents.get(path);
      if (document !== undefined) {
        return send(exchange, 200, document, { 'cache-control': 'public, max-age=300' });
      }
      for (const [name, value] of Object.entries({ ...fixed, ...anyPage })) response.setHeader(name, value);
      response.setHeader('x-request-id', requestIdOf(request));
      if (path !== paths.register) return server.answer(request, response);
      try {
        send(exchange, 201, await registerClient({ ...options, server }, request));
      } catch (error) {
        const { status, headers, ...said } = saidOf(error, fault => onDefect?.(fault, requestIdOf(request)));
        send(exchange, status, said, headers);
      }
    };
  };
}

function preflight(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  allowed: string,
): void {
  const asked = request.headers['access-control-request-headers'];
  response.writeHead(204, {
    ...anyPage,
    'access-control-allow-methods': allowed,
    'access-control-allow-headers': typeof asked === 'string' ? asked : 'content-type',
    'access-control-max-age': '86400',
    vary: 'access-control-request-headers',
  });
  response.end();
}

interface Said {
  status: number;
  headers: Record<string, string>;
  error: string;
  error_description: string;
}

/** A refusal as OAuth says it. */
function saidOf(error: unknown, onDefect: (error: unknown) => void): Said {
  if (error instanceof DeskhandError) {
    const { retry_after_seconds: seconds } = error.details;
    const isLimit = error.code === 'RATE_LIMITED';
    return {
      status: error.status,
      headers: isLimit ? { 'retry-after': String(seconds ?? 60) } : {},
      error: isLimit ? 'temporarily_unavailable' : 'invalid_client_metadata',
      error_description: [error.message, error.details.hint].filter(Boolean).join(' '),
    };
  }
  const said = Object(error);
  if (typeof said.error === 'string' && said.statusCode === 400) {
    return {
      status: 400,
      headers: {},
      error: said.error,
      error_description: String(said.error_description ?? ''),
    };
  }
  onDefect(error);
  return {
    status: 500,
    headers: {},
    error: 'server_error',
    error_description: 'Something went wrong on our side. Try again.',
  };
}
