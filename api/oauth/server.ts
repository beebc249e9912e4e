import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { App } from '../../core/app.ts';
import { type Scope, scopes, widestOf, within } from '../../core/connections/scopes.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { addressKey } from '../../core/kernel/outside/spans.ts';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import type {
  AskedConnection,
  Connecting,
  RefusedAuthorization,
} from '../../web-review/connections/connecting.ts';
import type { CountsAs } from '../http/limits.ts';
import { type LoseConnection, passages } from './adapter.ts';
import { isLoopback, redirectHost } from './clients.ts';
import { fetchPublic } from './fetch-public.ts';
import { paths } from './metadata.ts';
import { grantConnection, openProvider } from './provider.ts';

export interface AuthorizationServerOptions {
  app: App;
  db: Database;
  baseUrl: string;
  /** Told about defects and outages, never about refusals. */
  onDefect?: (error: unknown) => void;
  /** How descriptions of programs are fetched; only a test says otherwise. */
  fetchDocument?: typeof fetch;
}

/** The authorization server of the installation: what pages ask of it, and what programs do. */
export interface AuthorizationServer extends Connecting {
  /** Answers `/oauth/token` and `/oauth/revoke`. */
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
  provider(): Promise<Provider>;
  /** Learns whose connection the token with this hash is. */
  onToken(hash: string, connection_id: string): void;
  /** As what the calls of a token are counted: those of its connection, whichever token they come with. */
  countsAs: CountsAs;
}

/** Tokens whose connection is known; asked anew when forgotten. */
const mostTokens = 10_000;

/** How many descriptions of programs are fetched in a minute for one address, and for all. */
const fetches = { address: 10, all: 60 };

export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { app, db, baseUrl } = options;
  const refusals = new AsyncLocalStorage<{ refused?: RefusedAuthorization }>();
  let opened: Promise<Provider> | undefined;
  const connections = new Map<string, string>();
  const count = async (what: string, most: number) =>
    (await app.countCalls(hashSecret(`oauth ${what}`), 1)).calls <= most;
  const provider = () => {
    opened ??= openProvider({
      db,
      baseUrl,
      lose: loseIn(app),
      fetchDocument: options.fetchDocument ?? fetchPublic,
      mayFetch: async ip =>
        (await count(`fetch ${addressKey(ip)}`, fetches.address)) && (await count('fetch', fetches.all)),
      onRefusal: refused => {
        const store = refusals.getStore();
        if (store) store.refused = refused;
      },
    }).then(made => {
      made.on('server_error', (_context, error) => options.onDefect?.(error));
      return made;
    });
    return opened;
  };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const handle = (await provider()).callback();
    await passages.run({}, () => handle(request, response));
  };
  return {
    provider,
    countsAs: hash => connections.get(hash),
    onToken: (hash, connection_id) => {
      if (connections.size >= mostTokens) connections.clear();
      connections.set(hash, hashSecret(`connection ${connection_id}`));
    },
    answer: serve,
    async authorize(request, response) {
      const store: { refused?: RefusedAuthorization } = {};
      request.url = asWeAsk(request.url ?? '');
      withoutCookie(request, 'deskhand_oauth');
      await refusals.run(store, () => serve(request, response));
      return store.refused;
    },
    async asked(request, response) {
      return describe(await provider(), await detailsOf(await provider(), request, response));
    },
    async allow(request, response, { scope, ...owned }) {
      const made = await provider();
      const details = await made.interactionDetails(request, response);
      const client_id = String(details.params.client_id);
      const result = await grantConnection(made, { baseUrl, client_id, scope, ...owned });
      return pathOf(await made.interactionResult(request, response, result));
    },
    async refuse(request, response) {
      const result = { error: 'access_denied', error_description: 'The person said no.' };
      return pathOf(await (await provider()).interactionResult(request, response, result));
    },
  };
}

/** The machine itself ends a connection whose code or token was stolen, or whose program ended it. */
const loseIn =
  (app: App): LoseConnection =>
  async ({ organization_id, connection_id }, because) => {
    await app.execute(
      { via: 'system', organization_id, name: 'connections' },
      { action: 'connection.lose', data: { connection: connection_id, because } },
      { request_id: newId() },
    );
  };

/**
 * The address of a question with the scopes as we ask for them: the widest of ours that is asked for and those within it, of which the
 * person allows one.
 */
function asWeAsk(url: string): string {
  const [path = '', query] = url.split('?', 2);
  if (path !== paths.authorize || query === undefined) return url;
  const params = new URLSearchParams(query);
  const asked = (params.get('scope') ?? '').split(' ');
  const ours: string[] = [...within(widestOf(asked))];
  if (asked.includes('offline_access')) ours.push('offline_access');
  params.set('scope', ours.join(' '));
  return `${path}?${params}`;
}

/** Who somebody is, our own sign-in says, each time. */
function withoutCookie(request: IncomingMessage, name: string): void {
  const { cookie } = request.headers;
  if (cookie === undefined) return;
  request.headers.cookie = cookie
    .split(';')
    .filter(pair => pair.trim().split('=', 1)[0] !== name)
    .join(';');
}

/** What this browser is asked, by its cookie; undefined when that is over. */
async function detailsOf(provider: Provider, request: IncomingMessage, response: ServerResponse) {
  try {
    return await provider.interactionDetails(request, response);
  } catch (error) {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined;
    throw error;
  }
}

async function describe(
  provider: Provider,
  details: Awaited<ReturnType<typeof detailsOf>>,
): Promise<AskedConnection | undefined> {
  const client_id = details?.params.client_id;
  const redirect_uri = details?.params.redirect_uri;
  if (typeof client_id !== 'string' || typeof redirect_uri !== 'string') return undefined;
  const client = await provider.Client.find(client_id);
  if (!client) return undefined;
  const asked = String(details?.params.scope ?? '').split(' ');
  const described_at = client_id.startsWith('https://') ? URL.parse(client_id)?.hostname : undefined;
  const host = redirectHost(redirect_uri);
  return {
    client_id,
    client_name: nameOf(client.clientName) ?? described_at ?? host,
    redirect_host: host,
    is_local: isLoopback(redirect_uri) || !/^https?:/.test(redirect_uri),
    described_at,
    scope: widestOf(asked.filter((scope): scope is Scope => scopes.some(known => known === scope))),
  };
}

const nameOf = (name: string | undefined): string | undefined => name?.trim().slice(0, 80) || undefined;

const pathOf = (address: string): string => {
  const { pathname, search } = new URL(address);
  return pathname + search;
};
