import type { ClientMetadata } from 'oidc-provider';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an address is one of this very computer. */
export const isLoopback = (uri: string): boolean => loopback.has(URL.parse(uri)?.hostname ?? '');

/** Where a program goes back to, as people are told: its host, or the scheme a program on a computer listens to. */
export function redirectHost(uri: string): string {
  const url = URL.parse(uri);
  if (!url) return '';
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.hostname : url.protocol.slice(0, -1);
}

/**
 * Makes of what a program says of itself what it is here: one without a secret that shows a code and PKCE. One that goes back to its
 * own computer, or by a scheme of its own, may come with any port (RFC 8252). Changes `metadata`.
 */
export function plainClient(metadata: ClientMetadata): void {
  const uris = Array.isArray(metadata.redirect_uris) ? metadata.redirect_uris : [];
  const isWeb = uris.every(uri => {
    const { protocol } = URL.parse(String(uri)) ?? {};
    return protocol === 'https:' && !isLoopback(String(uri));
  });
  metadata.application_type = isWeb ? 'web' : 'native';
  metadata.token_endpoint_auth_method = 'none';
  metadata.grant_types = ['authorization_code', 'refresh_token'];
  metadata.response_types = ['code'];
  metadata.id_token_signed_response_alg = 'ES256';
  delete metadata.client_secret;
  delete metadata.client_secret_expires_at;
  delete metadata.scope;
  delete metadata.default_max_age;
  delete metadata.require_auth_time;
  delete metadata.default_acr_values;
}
