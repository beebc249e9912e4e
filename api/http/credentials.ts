import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { App } from '../../core/app.ts';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller, RequestFacts } from '../../core/kernel/pipeline/context.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { isHttps, isSameOrigin } from './origin.ts';

/** What a caller showed: a key (agents) or a session cookie (people). */
export interface Credential {
  caller: Caller;
  /** Tells credentials apart without keeping them. */
  hash: string;
}

/** `__Host-` binds the cookie to this host and to https; browsers refuse that name on plain http. */
export const sessionCookieName = (baseUrl: string): string =>
  isHttps(baseUrl) ? '__Host-deskhand_session' : 'deskhand_session';

/**
 * The credential of a request; undefined when there is none, or only an Authorization header that is no Bearer key. A
 * key goes before a cookie: no browser sends a key by itself.
 */
export function findCredential(request: IncomingMessage, cookieName: string): Credential | undefined {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer +([\w.~+/-]{1,200}=*) *$/i.exec(authorization)?.[1];
    return key === undefined ? undefined : { caller: { via: 'key', key }, hash: hashSecret(key) };
  }
  const token = cookie === undefined ? undefined : readCookie(cookie, cookieName);
  return token === undefined ? undefined : { caller: { via: 'session', token }, hash: hashSecret(token) };
}

/** Throws UNAUTHENTICATED with what to send. */
export function requireCredential(credential: Credential | undefined): Credential {
  if (credential) return credential;
  throw new DeskhandError('UNAUTHENTICATED', 'This needs the key of an agent or a signed-in person.', {
    hint: 'Send the header "Authorization: Bearer <key>"; the owner makes a key with "deskhand key create".',
  });
}

/**
 * Cross-site request forgery: a browser sends the cookie by itself, so a change with a cookie must come from our own
 * page and carry the session's token in `X-CSRF-Token` (PLT-14). Keys are exempt (GAP-08). Throws FORBIDDEN,
 * UNAUTHENTICATED.
 */
export async function requireOwnPage(
  app: App,
  { caller }: Credential,
  request: IncomingMessage,
  facts: RequestFacts,
): Promise<void> {
  if (caller.via !== 'session') return;
  if (!isSameOrigin(request)) {
    throw new DeskhandError('FORBIDDEN', 'With a session, changes are taken from our own pages only.', {
      hint: 'Open the page of this server and try again there; programs use a key.',
    });
  }
  const { csrf_token } = await app.whoIs(caller, facts);
  const sent = request.headers['x-csrf-token'];
  if (typeof sent === 'string' && csrf_token !== undefined && isEqual(sent, csrf_token)) return;
  throw new DeskhandError('FORBIDDEN', 'The X-CSRF-Token header is missing or belongs to another session.', {
    hint: 'Load the page again and try once more.',
  });
}

function readCookie(header: string, name: string): string | undefined {
  for (const pair of header.split(';')) {
    const [found, ...rest] = pair.trim().split('=');
    const value = rest.join('=');
    if (found === name && /^[\w.~+/=-]{1,200}$/.test(value)) return value;
  }
  return undefined;
}

// Hashes have one length, and comparing them takes the same time wherever they differ.
const isEqual = (a: string, b: string) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
