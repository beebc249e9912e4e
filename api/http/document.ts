import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { addressKey, Spans, secondsUntil } from '../../core/kernel/outside/spans.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { apiHeaders } from './headers.ts';
import { requestIdOf, traceOf } from './trace.ts';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** What one address may load in a minute; unpacked it is twenty times as long. */
const most = 120;
const costs = { gzip: 1, identity: 20 } as const;

/** Kept packed alone: hardly anybody asks for it as it is, and it is megabytes. */
interface Packed {
  packed: Buffer;
  /** Of what is packed. */
  length: number;
  etag: string;
}

/** The OpenAPI document on its way out. */
export interface Document {
  /** Makes it before somebody asks. */
  prepare(): Promise<unknown>;
  /** Throws RATE_LIMITED; answers false when it is another address. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined;
}

/**
 * `/openapi.json`: open to everybody, because it says nothing of any business and programs are written from it before they
 * have a key. So it must cost little: made and packed once, one twentieth of its length on the wire, with a tag by which
 * whoever has it asks for nothing but news.
 */
export function describeOnce(describe: () => object | Promise<object>, baseUrl: string): Document {
  const loads = new Spans(60_000);
  let made: Promise<Packed> | undefined;
  const prepare = () => {
    made ??= Promise.resolve(describe()).then(pack);
    return made;
  };
  const fixed = {
    ...apiHeaders(baseUrl),
    'cache-control': 'public, max-age=3600',
    vary: 'accept-encoding',
  };
  return {
    prepare,
    serve(request, response) {
      const { url = '', method } = request;
      if (!/^\/openapi\.json(\?|$)/.test(url) || !(method === 'GET' || method === 'HEAD')) return undefined;
      const takes = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(String(request.headers['accept-encoding']));
      const coding = takes ? 'gzip' : 'identity';
      return prepare().then(async ({ packed, length, etag }) => {
        const headers = { ...fixed, etag, 'x-request-id': requestIdOf(request) };
        if (request.headers['if-none-match']?.includes(etag)) {
          response.writeHead(304, headers).end();
          return;
        }
        requireRoom(loads, traceOf(request).ip, costs[coding]);
        const isAsked = method === 'GET';
        const body = takes || !isAsked ? packed : await unzip(packed);
        response.writeHead(200, {
          ...headers,
          ...(takes ? { 'content-encoding': 'gzip' } : {}),
          'content-length': takes ? packed.length : length,
        });
        response.end(isAsked ? body : undefined);
      });
    },
  };
}

async function pack(document: object): Promise<Packed> {
  const plain = Buffer.from(JSON.stringify(document));
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return { packed: await zip(plain, { level: 9 }), length: plain.length, etag: `W/"${hash}"` };
}

function requireRoom(loads: Spans, ip: string, cost: number): void {
  const window = loads.count(addressKey(ip), cost);
  if (window.count <= most) return;
  throw new DeskhandError('RATE_LIMITED', 'This document was loaded too often from this address.', {
    retry_after_seconds: secondsUntil(window.until_ms),
    hint: 'Keep it: it changes with a new version only. Ask with "Accept-Encoding: gzip" and "If-None-Match".',
  });
}
