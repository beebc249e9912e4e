import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { AuthInfo, CreateMcpHandlerOptions, McpServerFactory } from '@modelcontextprotocol/server';
import { createMcpHandler, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import { newId } from '../core/kernel/database/ids.ts';
import { wholeScope } from '../core/kernel/pipeline/roles.ts';
import { budgets } from '../core/kernel/words/budgets.ts';
import { toolCalls } from './calls.ts';
import { readJsonBody } from './http-body.ts';
import { HttpRefusal, refusalResponse } from './http-refusal.ts';
import { serveListening } from './listen.ts';
import {
  type Admitted,
  type AnswerPlainly,
  answerPlainCalls,
  KnownClients,
  type McpFetch,
  mayBePlain,
} from './plain-calls.ts';
import { createMcpServerFactory, type McpServerOptions, serverInfoOf } from './server.ts';
import { standingOf, type TokenStanding } from './standing.ts';
import { isKey } from './tool.ts';

/** What stands in front of the protocol, whatever the tools behind it. */
export interface McpGuards {
  /** Whether this key is one of ours and still valid. Throwing answers 503: an outage is not a wrong key. */
  authenticate(key: string, request: IncomingMessage): Promise<boolean>;
  /** Told that a key or token that was valid a moment ago is not any more. */
  forget?(key: string): void;
  /** Names this server is reached by, without port, IPv6 in brackets: `['localhost', '127.0.0.1', '[::1]']`. */
  allowedHosts: readonly string[];
  /** Names of the web sites whose pages may call, `allowedHosts` when left out. Programs send no Origin and pass. */
  allowedOrigins?: readonly string[];
  /** Largest request body in bytes, 256 KB when left out (security.md). */
  limit_bytes?: number;
  /** The id of this request for logs and audit, a new UUID when left out. */
  requestId?: (request: IncomingMessage) => string;
  /** Where it is described how a token is got (RFC 9728), and the scope to ask for; named in a 401. */
  resource_metadata?: string;
  /** Told about defects and outages, never about refusals. */
  onDefect?: (error: unknown, request_id: string) => void;
}

export type McpHttpOptions = Omit<McpServerOptions, 'credential'> &
  McpGuards & {
    /** What the protocol refused or stumbled over, such as an unknown revision; for the debug log. */
    onProtocolError?: (error: Error) => void;
  };

/** Answers one request of the MCP endpoint, refusals included. */
export type McpHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The MCP endpoint, both protocol eras on one address. It reads the body itself.
 * A request is checked in this order: Host and Origin (403), Bearer key (401), type, size and JSON of the body (415,
 * 413, 400). Then it is answered as a plain call, or meets a server object of its own. Refusals are JSON-RPC errors whose `data` has our usual members.
 */
export function mcpHttpHandler(options: McpHttpOptions): McpHandler {
  const { onProtocolError } = options;
  const answerCall = toolCalls(options);
  const clients = new KnownClients();
  const factory = createMcpServerFactory(options, { answerCall, clients });
  const report = onProtocolError === undefined ? {} : { onerror: onProtocolError };
  // Our tool list only changes with a restart: an open stream per client would cost memory for nothing.
  const stateless = statelessMcp(factory, { maxSubscriptions: 0, ...report });
  const { watch } = options;
  const otherwise = watch ? serveListening({ factory, watch, otherwise: stateless, ...report }) : stateless;
  const { tools } = options;
  const serverInfo = serverInfoOf(options);
  return guardMcp(options, otherwise, answerPlainCalls({ tools, answerCall, clients, serverInfo }));
}

/** Serves both eras and keeps nothing between requests. */
export function statelessMcp(factory: McpServerFactory, options: CreateMcpHandlerOptions): McpFetch {
  return createMcpHandler(factory, options).fetch;
}

/**
 * Puts the guards in front of a handler and adapts it to Node. The adapter's own Request and Response spare the web
 * streams of Node's, which took longer than the protocol; it puts them into the global scope. A plain call needs neither.
 */
export function guardMcp(guards: McpGuards, serve: McpFetch, answerPlainly?: AnswerPlainly): McpHandler {
  const right: RightHosts = new Set();
  return async (incoming, outgoing) => {
    const request_id = guards.requestId?.(incoming) ?? newId();
    outgoing.setHeader('x-request-id', request_id);
    const refuse = (error: unknown) => {
      if (!(error instanceof HttpRefusal)) guards.onDefect?.(error, request_id);
      return refusalResponse(error, request_id);
    };
    const respond = (answer: (request: Request) => Promise<Response>) =>
      getRequestListener(request => answer(request).catch(refuse), { errorHandler: refuse })(
        incoming,
        outgoing,
      );
    const serveAs = (letIn: () => Promise<Admitted>) =>
      respond(async request => {
        const admitted = await letIn();
        return asRefused(await serve(request, admitted), admitted.authInfo, guards);
      });
    const letIn = () => admit({ incoming, request_id, right }, guards);
    // What may be a stream is adapted before it is let in, so that nobody who leaves meanwhile is missed.
    if (!answerPlainly || !mayBePlain(incoming.headers)) return serveAs(letIn);
    try {
      const admitted = await letIn();
      const answer = await answerPlainly(admitted, signalOf(outgoing));
      if (answer === undefined) return await serveAs(async () => admitted);
      requireStanding(admitted.authInfo, guards);
      sendJson(outgoing, answer);
    } catch (error) {
      await respond(() => Promise.reject(error));
    }
  };
}

/** Aborted when the answer's way has closed before all of it was sent. */
function signalOf(outgoing: ServerResponse): () => AbortSignal {
  let controller: AbortController | undefined;
  return () => {
    if (controller) return controller.signal;
    const made = new AbortController();
    controller = made;
    const end = () => {
      if (!outgoing.writableFinished) made.abort();
    };
    if (outgoing.closed) end();
    else outgoing.once('close', end);
    return made.signal;
  };
}

function sendJson(outgoing: ServerResponse, json: Uint8Array): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': json.byteLength });
  outgoing.end(json);
}

interface Arrived {
  incoming: IncomingMessage;
  request_id: string;
  right: RightHosts;
}

async function admit(
  { incoming: request, request_id, right }: Arrived,
  guards: McpGuards,
): Promise<Admitted> {
  checkAddress(request, guards, right);
  const key = bearerKey(request, guards);
  await checkKey(key, { request, request_id }, guards);
  const standing: TokenStanding = {};
  const authInfo: AuthInfo = { token: key, clientId: 'agent', scopes: [], extra: { request_id, standing } };
  const { headers } = request;
  if (request.method !== 'POST') return { authInfo, headers };
  const parsedBody = await readJsonBody(request, guards.limit_bytes ?? budgets.message_bytes);
  return { authInfo, headers, parsedBody };
}

/** Names of this server that were right: programs call it by the same one each time, and send no Origin. */
type RightHosts = Set<string>;

const mostHosts = 100;

/** Keeps pages of other web sites out, also those whose name was pointed at this machine (DNS rebinding). */
function checkAddress(request: IncomingMessage, guards: McpGuards, right: RightHosts): void {
  if (request.headers.origin === undefined && right.has(request.headers.host ?? '')) return;
  const host = validateHostHeader(request.headers.host, [...guards.allowedHosts]);
  if (!host.ok) {
    throw new HttpRefusal(403, 'FORBIDDEN', 'This server is not reached by that name.', {
      hint: `Use one of these names: ${guards.allowedHosts.join(', ')}; the owner adds others with BASE_URL.`,
    });
  }
  const origin = validateOriginHeader(request.headers.origin, [
    ...(guards.allowedOrigins ?? guards.allowedHosts),
  ]);
  if (!origin.ok) {
    throw new HttpRefusal(403, 'FORBIDDEN', 'Pages of other web sites may not call this server.', {
      hint: 'Call it from a program instead of a web page.',
    });
  }
  if (right.size < mostHosts) right.add(request.headers.host ?? '');
}

function bearerKey(request: IncomingMessage, guards: McpGuards): string {
  const key = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (key !== undefined) return key;
  throw new HttpRefusal(401, 'UNAUTHENTICATED', 'This needs the key of an agent.', {
    hint: 'Send the header "Authorization: Bearer <key>"; the owner makes a key with "deskhand key create".',
    headers: { 'www-authenticate': challenge(guards) },
  });
}

async function checkKey(
  key: string,
  { request, request_id }: { request: IncomingMessage; request_id: string },
  guards: McpGuards,
): Promise<void> {
  let valid: boolean;
  try {
    valid = await guards.authenticate(key, request);
  } catch (error) {
    guards.onDefect?.(error, request_id);
    throw new HttpRefusal(503, 'UNAVAILABLE', 'The key cannot be checked right now; nothing was changed.', {
      hint: 'Try again in a few seconds.',
      retryable: true,
      headers: { 'retry-after': '3' },
    });
  }
  if (valid) return;
  throw invalidToken(guards);
}

const invalidToken = (guards: McpGuards) =>
  new HttpRefusal(401, 'UNAUTHENTICATED', 'This key is unknown, expired or revoked.', {
    hint: 'Ask the owner for a new key; it is made with "deskhand key create".',
    headers: { 'www-authenticate': challenge(guards, { error: 'invalid_token' }) },
  });

/** What a client reads to find out how it may come in: by a key, or by a token it is given after a person was asked. */
function challenge({ resource_metadata }: McpGuards, said: Readonly<Record<string, string>> = {}): string {
  const facts = {
    realm: 'deskhand',
    ...said,
    ...(resource_metadata === undefined ? {} : { resource_metadata, scope: said.scope ?? wholeScope }),
  };
  return `Bearer ${Object.entries(facts)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`;
}

/**
 * An answer as HTTP knows it, where it is about the token and not about the call: one that has ended since it was last looked at is
 * a 401, and one that is good for less than was asked a 403 with what it takes (RFC 6750), by which a client knows to ask the person
 * once more. A stream is held back until it says something; those of keys are not, for nobody gets another key by asking.
 */
async function asRefused(
  response: Response,
  authInfo: AuthInfo | undefined,
  guards: McpGuards,
): Promise<Response> {
  if (authInfo === undefined || isKey(authInfo.token)) return response;
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const answered = streams ? await begun(response) : response;
  requireStanding(authInfo, guards);
  return answered;
}

/** Throws the refusal of a token that a call has found to have ended, or to be good for less than was asked. */
function requireStanding(authInfo: AuthInfo | undefined, guards: McpGuards): void {
  const standing = standingOf(authInfo);
  if (!standing || authInfo === undefined || isKey(authInfo.token)) return;
  if (standing.has_ended) {
    guards.forget?.(authInfo.token);
    throw invalidToken(guards);
  }
  if (standing.needs_scope === undefined) return;
  const { needs_scope, message, hint } = standing;
  throw new HttpRefusal(403, 'FORBIDDEN', message ?? 'This connection may not do that.', {
    hint: hint ?? '',
    headers: {
      'www-authenticate': challenge(guards, { error: 'insufficient_scope', scope: needs_scope }),
    },
  });
}

/** The same answer once its first bytes are there. */
async function begun(response: Response): Promise<Response> {
  const reader = response.body?.getReader();
  if (!reader) return response;
  let first: Awaited<ReturnType<typeof reader.read>> | undefined = await reader.read();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = first ?? (await reader.read());
      first = undefined;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: reason => reader.cancel(reason),
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
