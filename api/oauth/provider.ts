import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Configuration, default as Provider } from 'oidc-provider';
import { livesDays } from '../../core/connections/queries.ts';
import { scopes } from '../../core/connections/scopes.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { traceOf } from '../http/trace.ts';
import { accountOf, entryAdapter, findAccount, type LoseConnection } from './adapter.ts';
import { plainClient } from './clients.ts';
import { paths, resourceOf } from './metadata.ts';

export interface ProviderOptions {
  db: Database;
  baseUrl: string;
  lose: LoseConnection;
  /** Fetches the description of a program that stands at an address of its own. */
  fetchDocument: typeof fetch;
  /** Whether so many of them may be fetched. */
  mayFetch(ip: string): Promise<boolean>;
  /** Told what is refused where nobody can be sent back. */
  onRefusal(error: { error: string; error_description?: string | undefined }): void;
}

/** The page on which a person is asked. */
export const consentPath = '/oauth/consent';

/** How long a person may take to sign in and decide; a code, an access token and a refresh token live. In seconds. */
const lives = { asked: 3600, code: 60, access: 3600, refresh: livesDays * 86_400 } as const;

/**
 * The authorization server (decision 058): codes with PKCE for programs without a secret, opaque tokens for the MCP endpoint alone.
 * Loaded when somebody first comes for it: an installation that uses keys never holds it in memory.
 */
export async function openProvider(options: ProviderOptions): Promise<Provider> {
  const { default: ProviderOf, errors } = await import('oidc-provider');
  const { baseUrl, db, lose } = options;
  const resource = resourceOf(baseUrl);
  const configuration: Configuration = {
    adapter: entryAdapter({
      db,
      baseUrl,
      lose,
      alreadyUsed: () => new errors.InvalidGrant('already used'),
    }),
    findAccount: findAccount(db),
    routes: {
      authorization: paths.authorize,
      token: paths.token,
      revocation: paths.revoke,
      // Never reached: only the three above are served.
      jwks: '/oauth/keys',
    },
    responseTypes: ['code'],
    scopes: ['offline_access'],
    claims: {},
    clientAuthMethods: ['none'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    // What was allowed once is asked anew: each connection is one a person has seen.
    loadExistingGrant: async context => {
      const grantId = context.oidc.result?.consent?.grantId;
      return grantId === undefined ? undefined : context.oidc.provider.Grant.find(grantId);
    },
    ttl: {
      Interaction: lives.asked,
      AuthorizationCode: lives.code,
      AccessToken: lives.access,
      RefreshToken: lives.refresh,
      // As long as its refresh tokens can go on; each connection is bounded by its own end.
      Grant: 10 * 365 * 86_400,
      Session: lives.asked,
      IdToken: lives.code,
    },
    cookies: {
      names: {
        session: 'deskhand_oauth',
        interaction: 'deskhand_oauth_asked',
        resume: 'deskhand_oauth_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', overwrite: true },
      short: { httpOnly: true, sameSite: 'lax', overwrite: true },
      keys: [],
    },
    // No identity is told, so this key never signs anything; the library wants one.
    jwks: { keys: [signingKey()] },
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      id_token_signed_response_alg: 'ES256',
    },
    extraClientMetadata: {
      properties: ['deskhand'],
      validator: (_context, _key, _value, metadata) => plainClient(metadata),
    },
    clientBasedCORS: () => true,
    interactions: { url: async (_context, { uid }) => `${consentPath}/${uid}` },
    renderError: async (context, out) => {
      options.onRefusal(out);
      // The page is ours.
      context.respond = false;
    },
    fetch: options.fetchDocument,
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      revocation: {
        enabled: true,
        allowedPolicy: async (_context, client, token) => token.clientId === client.clientId,
      },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        allowFetch: context => options.mayFetch(context.ip),
        cacheDuration: { min: 60, max: 86_400 },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => resource,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_context, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          return {
            scope: scopes.join(' '),
            audience: resource,
            accessTokenFormat: 'opaque',
            accessTokenTTL: lives.access,
          };
        },
      },
    },
    fetchResponseBodyLimits: { 'client_id metadata document': 5 * 1024 },
  };
  const provider = new ProviderOf(baseUrl, configuration);
  // Cookies are for https when people reach us by it, whatever a proxy speaks to us.
  Object.defineProperty(provider.request, 'protocol', {
    get: () => new URL(baseUrl).protocol.slice(0, -1),
  });
  Object.defineProperty(provider.request, 'ip', {
    get(this: { req: IncomingMessage }) {
      return traceOf(this.req).ip;
    },
  });
  return provider;
}

/** What a person allowed, as the authorization server keeps it: one scope, and none of the others that were asked for. */
export async function grantConnection(
  provider: Provider,
  {
    baseUrl,
    client_id,
    scope,
    ...owned
  }: { baseUrl: string; client_id: string; organization_id: string; connection_id: string; scope: string },
): Promise<{ login: { accountId: string }; consent: { grantId: string } }> {
  const accountId = accountOf(owned);
  const grant = new provider.Grant({ accountId, clientId: client_id });
  const resource = resourceOf(baseUrl);
  grant.addOIDCScope('offline_access');
  grant.addResourceScope(resource, scope);
  for (const other of scopes) if (other !== scope) grant.rejectResourceScope(resource, other);
  return { login: { accountId }, consent: { grantId: await grant.save() } };
}

/** The ids of programs that register themselves. */
export const newClientId = (): string => newId();

const signingKey = () => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }),
  alg: 'ES256' as const,
  use: 'sig',
});
