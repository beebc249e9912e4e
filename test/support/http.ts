import { createHash, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import pino from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import type { Limits } from '../../api/http/limits.ts';
import { createListener } from '../../api/http/listener.ts';
import { createHttpApp, type HttpOptions } from '../../api/http/server.ts';
import { errorCodes } from '../../core/kernel/words/errors.ts';
import { type Business, type Office, type OfficeOptions, useOffice } from './office.ts';

const codes = z.enum(Object.keys(errorCodes));

/** What every answer of the API looks like; an answer of another shape fails the test that got it. */
const envelope = z.discriminatedUnion('success', [
  z.strictObject({
    success: z.literal(true),
    data: z.record(z.string(), z.unknown()),
    error: z.null(),
    meta: metaShape(),
  }),
  z.strictObject({
    success: z.literal(false),
    data: z.null(),
    error: z.looseObject({
      code: codes,
      message: z.string().min(1),
      retryable: z.boolean(),
      type: z.string().startsWith('urn:deskhand:error:'),
      title: codes,
      status: z.number(),
      detail: z.string(),
    }),
    meta: metaShape(),
  }),
]);

function metaShape() {
  return z.strictObject({
    timestamp: z.iso.datetime(),
    request_id: z.uuid({ version: 'v7' }),
    warnings: z.array(z.string()).optional(),
    next_cursor: z.string().optional(),
    replayed: z.literal(true).optional(),
    undo: z.string().optional(),
    totals: z.record(z.string(), z.unknown()).optional(),
  });
}

/** One answer, its envelope checked. `data` and `error` are empty objects where the envelope has null. */
export interface Answer {
  status: number;
  headers: Headers;
  success: boolean;
  data: Record<string, unknown>;
  error: Record<string, unknown>;
  meta: z.infer<ReturnType<typeof metaShape>>;
}

export interface Message {
  /** Bright Panes' agent when left out; null for nobody. */
  key?: string | null;
  headers?: Record<string, string>;
  /** Sent as JSON; a text is sent as it is. */
  body?: unknown;
}

/** The server of a test file, listening on a port of its own. */
export interface Front {
  office: Office;
  url: string;
  /** Everything that was logged, one JSON text per line. */
  logs: string[];
  send(method: string, path: string, message?: Message): Promise<Answer>;
  get(path: string, message?: Message): Promise<Answer>;
  post(path: string, body?: unknown, message?: Message): Promise<Answer>;
  /** The headers of a signed-in browser on our own page. */
  signIn(business: Business, name: string): Promise<Record<string, string>>;
}

export interface HttpTestOptions extends OfficeOptions {
  limits?: Limits;
  mcp?: HttpOptions['mcp'];
  pages?: Router;
  /** Pages made of the office. */
  pagesOf?: (office: Office, baseUrl: string) => Router;
  /** Whatever else is mounted, made of the office. */
  partsOf?: (office: Office, baseUrl: string) => Partial<HttpOptions>;
  proxies?: HttpOptions['proxies'];
  ready?: () => Promise<boolean>;
}

/** Opens the two businesses and an HTTP server before the tests of a file, and closes both after. */
export function useHttp(options: HttpTestOptions = {}): () => Front {
  const office = useOffice(options);
  let running: { front: Front; server: Server } | undefined;
  beforeAll(async () => {
    running = await listen(office(), options);
  });
  afterAll(async () => {
    const server = running?.server;
    server?.closeAllConnections();
    await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)));
  });
  return () => {
    if (!running) throw new Error('the server listens in beforeAll');
    return running.front;
  };
}

async function listen(office: Office, options: HttpTestOptions): Promise<{ front: Front; server: Server }> {
  const logs: string[] = [];
  const server = createListener();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server)}`;
  const { limits, mcp, pagesOf, partsOf, proxies, ready = () => Promise.resolve(true) } = options;
  const pages = pagesOf ? pagesOf(office, url) : options.pages;
  server.on(
    'request',
    createHttpApp({
      app: office.app,
      logger: pino({ level: 'debug' }, { write: line => logs.push(line) }),
      baseUrl: url,
      ready,
      version: '0.0.0-test',
      limits: { callsPerMinute: 100_000, badCallsPerMinute: 100_000, ...limits },
      ...(mcp ? { mcp } : {}),
      ...(pages ? { pages } : {}),
      ...(proxies ? { proxies } : {}),
      ...partsOf?.(office, url),
    }),
  );
  const send: Front['send'] = async (method, path, { key, headers = {}, body } = {}) => {
    const shown = key === undefined ? office.bright.agent.key : key;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(shown === null ? {} : { authorization: `Bearer ${shown}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return readAnswer(response);
  };
  const front: Front = {
    office,
    url,
    logs,
    send,
    get: (path, message) => send('GET', path, message),
    post: (path, body, message) =>
      send('POST', path, { ...message, ...(body === undefined ? {} : { body }) }),
    signIn: (business, name) => signIn(office, url, business, name),
  };
  return { front, server };
}

async function readAnswer(response: Response): Promise<Answer> {
  const { success, data, error, meta } = envelope.parse(await response.json());
  return {
    status: response.status,
    headers: response.headers,
    success,
    data: data ?? {},
    error: error ?? {},
    meta,
  };
}

async function signIn(office: Office, url: string, business: Business, name: string) {
  const person = business.people[name];
  if (!person) throw new Error(`nobody is called ${name} here`);
  const token = randomBytes(32).toString('base64url');
  const csrf = randomBytes(16).toString('base64url');
  await office.database.owner.query(
    `insert into sessions (token_hash, user_id, organization_id, csrf_token, expires_at)
    values ($1, $2, $3, $4, now() + interval '1 hour')`,
    [createHash('sha256').update(token).digest(), person.id, business.id, csrf],
  );
  return { cookie: `theme=dark; deskhand_session=${token}`, origin: url, 'x-csrf-token': csrf };
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
