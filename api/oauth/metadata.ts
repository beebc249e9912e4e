import { scopes } from '../../core/connections/scopes.ts';

/** Where the authorization server answers, below the base address. */
export const paths = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  register: '/oauth/register',
  revoke: '/oauth/revoke',
} as const;

/** What tokens are for, and the only thing they open (RFC 8707). */
export const resourceOf = (baseUrl: string): string => `${baseUrl}/mcp`;

const ofResource = '/.well-known/oauth-protected-resource';
const ofServer = '/.well-known/oauth-authorization-server';

/** Where the description of the resource stands, as a refusal names it (RFC 9728). */
export const resourceMetadataUrl = (baseUrl: string): string => `${baseUrl}${ofResource}/mcp`;

/**
 * The documents by which a program finds its way, by path: they do not change while the server runs, and finding it loads nothing.
 * What the authorization server says there it is held to by test/oauth.
 */
export function metadataDocuments(baseUrl: string): ReadonlyMap<string, unknown> {
  const resource = {
    resource: resourceOf(baseUrl),
    resource_name: 'Deskhand',
    authorization_servers: [baseUrl],
    scopes_supported: [...scopes],
    bearer_methods_supported: ['header'],
  };
  const server = {
    issuer: baseUrl,
    authorization_endpoint: `${baseUrl}${paths.authorize}`,
    token_endpoint: `${baseUrl}${paths.token}`,
    registration_endpoint: `${baseUrl}${paths.register}`,
    revocation_endpoint: `${baseUrl}${paths.revoke}`,
    scopes_supported: [...scopes, 'offline_access'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  };
  return new Map<string, unknown>([
    [ofResource, resource],
    [`${ofResource}/mcp`, resource],
    [ofServer, server],
  ]);
}
