import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { breachesOf, breachesOfAnswer, type SentRequest } from './resend-contract.ts';

/** An answer other than "sent": a refusal as Resend writes it, or none at all. */
export type Answer =
  | { status: number; name: string; message?: string; headers?: Record<string, string> }
  | { page: string; status: number }
  | 'silence';

/** A stand-in for Resend on this machine. It knows idempotency keys, and checks every request with the contract. */
export interface ResendServer {
  url: string;
  requests: SentRequest[];
  /** What was really sent: one mail for each idempotency key. */
  mails: Map<string, unknown>;
  /** The next answers; "sent" when there is none. */
  answers: Answer[];
  breaches: string[];
}

/** Opens the stand-in for the tests of a file. A request that breaks the contract fails the test that made it. */
export function useResend(): () => ResendServer {
  const resend: ResendServer = { url: '', requests: [], mails: new Map(), answers: [], breaches: [] };
  const server = createServer((request, response) => void answer(resend, request, response));
  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on no port');
    resend.url = `http://127.0.0.1:${address.port}`;
  });
  afterEach(() => {
    const { breaches } = resend;
    Object.assign(resend, { requests: [], mails: new Map(), answers: [], breaches: [] });
    expect(breaches).toEqual([]);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  return () => resend;
}

async function answer(resend: ResendServer, request: IncomingMessage, response: ServerResponse) {
  const { method = '', url = '', headers } = request;
  const sent: SentRequest = { method, path: url, headers, body: JSON.parse(await text(request)) };
  resend.requests.push(sent);
  resend.breaches.push(...breachesOf(sent));
  const next = resend.answers.shift();
  if (next === 'silence') return;
  if (next && 'page' in next) {
    response.writeHead(next.status, { 'content-type': 'text/html' }).end(next.page);
    return;
  }
  if (next) {
    const { status, name, message = 'No.', headers: more = {} } = next;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(JSON.stringify({ statusCode: status, name, message }));
    return;
  }
  const key = String(headers['idempotency-key']);
  if (!resend.mails.has(key)) resend.mails.set(key, sent.body);
  const body = { id: `resend-${[...resend.mails.keys()].indexOf(key) + 1}` };
  resend.breaches.push(...breachesOfAnswer(body));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
