import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Stripe } from 'stripe';
import { Account, type Params, Refusal, type StripeEvent } from './account.ts';
import { breachesOfObject, breachesOfRequest, prepareChecks, readParams } from './contract.ts';
import { pressAtPage, showInvoice, showPage } from './page.ts';
import { expanded, routeOf, routes } from './routes.ts';

export interface SentRequest {
  method: string;
  path: string;
  params: Params;
  headers: Record<string, unknown>;
}

/** An answer other than the usual one: a refusal as Stripe writes it, or none at all. */
export type Answer =
  | {
      status: number;
      error: { type: string; code?: string; param?: string; message: string };
      headers?: Record<string, string>;
    }
  | { status: number; page: string }
  | 'silence'
  /** It is done, and nobody hears of it. */
  | 'lost';

/**
 * A stand-in for Stripe on this machine, with a state: what is made can be read, paid and closed, and tells of it by events. Every
 * request is checked with Stripe's contract, and every answer of its own.
 */
export class FakeStripe {
  url = '';
  requests: SentRequest[] = [];
  /** The next answers; the usual ones when there is none. */
  answers: Answer[] = [];
  breaches: string[] = [];
  /** Says of each request whether it is done and nobody hears of it. */
  lose: (() => boolean) | undefined;
  /** Nothing is answered before this is fulfilled. */
  held: Promise<unknown> | undefined;
  /** Called with every event, when somebody listens. */
  onEvent: ((event: StripeEvent, key: string) => void) | undefined;
  /** The time there, in milliseconds. */
  clock: () => number = Date.now;
  readonly #accounts = new Map<string, Account>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch(error => {
      this.breaches.push(String(error));
      response.writeHead(500).end();
    });
  });

  async open(): Promise<void> {
    prepareChecks();
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('it listens on no port');
    this.url = `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  /** The account a key is for; a new one for a new key. */
  account(key: string): Account {
    const known = this.#accounts.get(key);
    if (known) return known;
    const account = new Account(
      () => Math.floor(this.clock() / 1000),
      event => this.onEvent?.(event, key),
    );
    this.#accounts.set(key, account);
    return account;
  }

  /** An account in which there is an object. */
  accountOf(id: string): Account | undefined {
    return [...this.#accounts.values()].find(({ objects }) => objects.has(id));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const [path = '', query = ''] = url.split('?');
    const body = await text(request);
    const [, sessionId] = /^\/c\/pay\/([\w-]+)$/.exec(path) ?? [];
    if (sessionId !== undefined) {
      const account = this.accountOf(sessionId);
      if (method === 'POST') pressAtPage(account, sessionId, readParams(body), response);
      else showPage(account, sessionId, response);
      return;
    }
    const [, invoiceId] = /^\/i\/([\w-]+)$/.exec(path) ?? [];
    if (invoiceId !== undefined) {
      showInvoice(this.accountOf(invoiceId), invoiceId, response);
      return;
    }
    const params = readParams(method === 'GET' ? query : body);
    this.requests.push({ method, path, params, headers });
    await this.held;
    const next = this.answers[0];
    const { status, text: answer, more = {} } = this.#answerTo({ method, path, params, headers });
    if (answer === undefined) return;
    const isLost = next === 'lost' || this.lose?.() === true;
    if (isLost) {
      if (next === 'lost') this.answers.shift();
      request.socket.destroy();
      return;
    }
    response
      .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...more })
      .end(answer);
  }

  #answerTo({ method, path, params, headers }: SentRequest): {
    status: number;
    text: string | undefined;
    more?: Record<string, string>;
  } {
    const next = this.answers[0] === 'lost' ? undefined : this.answers.shift();
    if (next === 'silence') return { status: 0, text: undefined };
    if (next && typeof next === 'object' && 'page' in next)
      return { status: next.status, text: next.page, more: { 'content-type': 'text/html' } };
    if (next && typeof next === 'object' && 'error' in next)
      return { status: next.status, text: JSON.stringify({ error: next.error }), more: next.headers ?? {} };
    const found = routeOf(method, path);
    if (!found) {
      this.breaches.push(`there is no ${method} ${path}`);
      return refused(new Refusal(404, { message: 'Unrecognized request URL' }));
    }
    this.breaches.push(...breachesOfRequest(found.route, params), ...breachesOfHeaders(headers, method));
    const [, key] = /^Bearer ([sr]k_test_\w+)$/.exec(String(headers.authorization)) ?? [];
    if (key === undefined || key.includes('revoked'))
      return refused(new Refusal(401, { message: `Invalid API Key provided: ${String(key)}` }));
    const account = this.account(key);
    const idempotency = headers['idempotency-key'];
    const asked = JSON.stringify([method, path, params]);
    const before = typeof idempotency === 'string' ? account.answers.get(idempotency) : undefined;
    if (before && before.asked !== asked)
      return refused(
        new Refusal(400, {
          type: 'idempotency_error',
          message:
            'Keys for idempotent requests can only be used with the same parameters they were first used with.',
        }),
      );
    if (before) return { status: before.status, text: before.body, more: { 'idempotent-replayed': 'true' } };
    try {
      const made = routes[found.route]?.({ account, id: found.id, params, url: this.url }) ?? {};
      const paths = Array.isArray(params.expand) ? params.expand.map(String) : [];
      const object = expanded(account, made, paths);
      this.breaches.push(...breachesOfObject(object));
      const answer = JSON.stringify(object);
      if (typeof idempotency === 'string')
        account.answers.set(idempotency, { asked, status: 200, body: answer });
      return { status: 200, text: answer };
    } catch (error) {
      if (error instanceof Refusal) return refused(error);
      throw error;
    }
  }
}

const refused = ({ status, error }: Refusal) => ({ status, text: JSON.stringify({ error }) });

/** What every request says of itself. */
function breachesOfHeaders(headers: Record<string, unknown>, method: string): string[] {
  return [
    ...(headers['stripe-version'] === '2026-10-28.endive' ? [] : ['it asks in another version']),
    ...(method !== 'POST' ||
    typeof headers['idempotency-key'] === 'string' ||
    headers['idempotency-key'] === undefined
      ? []
      : ['its idempotency key is no text']),
  ];
}

/** An event as it arrives: what was signed, and by which signature. */
export function signed(
  event: unknown,
  secret: string,
  { age_seconds = 0 }: { age_seconds?: number } = {},
): { headers: Record<string, string>; body: string } {
  const body = JSON.stringify(event);
  const timestamp = Math.floor(Date.now() / 1000) - age_seconds;
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }),
    },
  };
}
