import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { pino } from 'pino';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { Limits } from '../../api/http/limits.ts';
import { mountMcp } from '../../api/mcp.ts';
import { oauthRoutes } from '../../api/oauth/routes.ts';
import { type AuthorizationServerOptions, createAuthorizationServer } from '../../api/oauth/server.ts';
import { createPages } from '../../web-review/router.ts';
import { type Front, useHttp } from './http.ts';
import type { Business } from './office.ts';

type Extra = Pick<AuthorizationServerOptions, 'fetchDocument'> & { limits?: Limits };

/** The whole server with its authorization server, as `serve` puts it together. */
export function useConnections({ limits, ...extra }: Extra = {}): () => Front {
  return useHttp({
    ...(limits ? { limits } : {}),
    partsOf: ({ app, db }, baseUrl) => {
      const logger = pino({ level: 'silent' });
      const server = createAuthorizationServer({ app, db, baseUrl, ...extra });
      return {
        oauth: oauthRoutes({ app, db, baseUrl, server }),
        countsAs: server.countsAs,
        mcp: mountMcp(app, { baseUrl, host: '127.0.0.1', logger, onToken: server.onToken }),
        pages: createPages({ app, db, baseUrl, dataDir: '', demo: false, connecting: server }),
      };
    },
  });
}

/** A program that waits on its own computer to be called back. */
export interface Callback {
  redirect_uri: string;
  /** What the next call brings: `code`, `state`, `iss`, or `error`. */
  next(): Promise<URLSearchParams>;
  close(): void;
}

/** Listens on a port of its own, as programs on a computer do (RFC 8252). */
export async function openCallback(): Promise<Callback> {
  const waiting: ((params: URLSearchParams) => void)[] = [];
  const came: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    if (url.pathname === '/callback') {
      const take = waiting.shift();
      if (take) take(url.searchParams);
      else came.push(url.searchParams);
    }
    response.setHeader('content-type', 'text/html');
    response.end('<h1>Connected</h1>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    redirect_uri: `http://127.0.0.1:${port}/callback`,
    next: () => {
      const [first] = came.splice(0, 1);
      return first ? Promise.resolve(first) : new Promise(resolve => waiting.push(resolve));
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Signs a tab in. */
export async function signInTab({ signIn, url }: Front, page: Page, business: Business, name: string) {
  const { cookie = '' } = await signIn(business, name);
  const token = /deskhand_session=([\w-]+)/.exec(cookie)?.[1] ?? '';
  await page.context().addCookies([{ name: 'deskhand_session', value: token, url }]);
}

const tokens = z.object({
  access_token: z.string(),
  token_type: z.string(),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
  scope: z.string(),
});
export type Tokens = z.infer<typeof tokens>;

export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

/** A browser without a screen: keeps cookies and follows what pages of ours say, and no redirect by itself. */
export class Surfer {
  readonly #jar = new Map<string, string>();
  readonly #front: Front;

  constructor(front: Front) {
    this.#front = front;
  }

  async signIn(business: Business, name: string): Promise<void> {
    const { cookie = '' } = await this.#front.signIn(business, name);
    this.#jar.set('deskhand_session', /deskhand_session=([\w-]+)/.exec(cookie)?.[1] ?? '');
  }

  async go(address: string, form?: Record<string, string>): Promise<Response> {
    const url = new URL(address, this.#front.url);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form ? { origin: this.#front.url, 'sec-fetch-site': 'same-origin' } : {}),
      },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(set)) this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return response;
  }
}

export interface Asking {
  client_id: string;
  redirect_uri: string;
  challenge: string;
  scope?: string;
  resource?: string;
  state?: string;
  extra?: Record<string, string>;
}

/** The address a program opens in the browser. */
export function authorizeAddress({ url }: Front, asking: Asking): string {
  const {
    client_id,
    redirect_uri,
    challenge,
    scope,
    resource = `${url}/mcp`,
    state = 'xyz',
    extra = {},
  } = asking;
  return `${url}/oauth/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
    ...(resource === '' ? {} : { resource }),
    ...(scope === undefined ? {} : { scope }),
    ...extra,
  })}`;
}

/** Registers a program; answers its id. */
export async function register(
  { url }: Front,
  redirect_uri: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Testing Desk', redirect_uris: [redirect_uri], ...more }),
  });
  return z.object({ client_id: z.string() }).parse(await response.json()).client_id;
}

/** What stands in the hidden fields of the form of a page. */
export function formOf(text: string): Record<string, string> {
  const fields = text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}

/** Lets a program in, as a person does who presses Allow; answers where the browser is sent back to. */
export async function allow(
  surfer: Surfer,
  address: string,
  chosen: Record<string, string> = {},
): Promise<URL> {
  const asked = await surfer.go(address);
  const consent = asked.headers.get('location') ?? '';
  const page = await (await surfer.go(consent)).text();
  const done = await surfer.go(consent, {
    ...formOf(page),
    agent: 'new',
    name: `Desk ${randomBytes(4).toString('hex')}`,
    scope: 'office',
    answer: 'allow',
    ...chosen,
  });
  const on = /content="0;url=([^"]+)"/.exec(await done.text())?.[1] ?? '';
  const back = await surfer.go(on.replaceAll('&amp;', '&'));
  return new URL(back.headers.get('location') ?? '');
}

/** Asks for tokens; the answer as it comes. */
export const askTokens = ({ url }: Front, form: Record<string, string>): Promise<Response> =>
  fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });

export const readTokens = async (response: Response): Promise<Tokens> => tokens.parse(await response.json());

/** A program that was let in: its tokens, and what it came by. */
export async function connect(
  front: Front,
  {
    business = front.office.bright,
    person = 'Olivia',
    scope,
  }: { business?: Business; person?: string; scope?: string } = {},
) {
  const redirect_uri = 'http://127.0.0.1:49152/callback';
  const client_id = await register(front, redirect_uri);
  const { verifier, challenge } = pkce();
  const surfer = new Surfer(front);
  await surfer.signIn(business, person);
  const address = authorizeAddress(front, {
    client_id,
    redirect_uri,
    challenge,
    ...(scope ? { scope } : {}),
  });
  const back = await allow(surfer, address, scope ? { scope } : {});
  const code = back.searchParams.get('code') ?? '';
  const redemption = {
    grant_type: 'authorization_code',
    client_id,
    code,
    redirect_uri,
    code_verifier: verifier,
  };
  return { client_id, code, redemption, tokens: await readTokens(await askTokens(front, redemption)) };
}

/** Sends one message to the MCP endpoint with a token, as one HTTP request. */
export const postMcp = ({ url }: Pick<Front, 'url'>, token: string, message: object): Promise<Response> =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  });

/** Runs an action by the MCP endpoint with a token. */
export const callAction = (
  front: Pick<Front, 'url'>,
  token: string,
  action: string,
  data: object,
  more: object = {},
): Promise<Response> =>
  postMcp(front, token, {
    method: 'tools/call',
    params: { name: 'crm_action', arguments: { action, data, ...more } },
  });
