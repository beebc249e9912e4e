import { timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { newId } from '../core/kernel/database/ids.ts';
import { hashSecret } from '../core/kernel/pipeline/authenticate.ts';
import type { RequestFacts } from '../core/kernel/pipeline/context.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { renewSession, sessionMinutes } from '../core/sign-in/sign-in.ts';
import { type PageRequest, type Site, textOf } from './site.ts';

/** Who is asking, by the session cookie; undefined when nobody is signed in (any more). */
export async function openRequest(
  site: Site,
  request: Request,
  response: Response,
): Promise<PageRequest | undefined> {
  const token = site.cookies.read(request, 'session');
  if (token === undefined) return undefined;
  const caller = { via: 'session', token } as const;
  const facts = factsOf(request, response);
  try {
    return { site, http: request, caller, facts, identity: await site.app.whoIs(caller, facts) };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'UNAUTHENTICATED') throw error;
    forgetPages(response);
    return undefined;
  }
}

/**
 * Has the browser forget every page it keeps for going back. Said with the first answer to a session that has ended, to
 * whoever may not, and with signing out; what a phone has not sent yet is kept elsewhere (web-review/offline).
 */
export function forgetPages(response: Response): void {
  response.set('Clear-Site-Data', '"cache"');
}

/** What the audit log keeps of a request. The id is the server's, if it gave one. */
export function factsOf(request: Request, response: Response): RequestFacts {
  const given = response.getHeader('x-request-id');
  const agent = request.get('user-agent')?.slice(0, 300);
  return {
    request_id: typeof given === 'string' ? given : newId(),
    ...(request.ip === undefined ? {} : { ip_address: request.ip }),
    ...(agent === undefined ? {} : { user_agent: agent }),
  };
}

const hour = 3_600_000;
const remembered = 10_000;

/** Lengthens sessions that are in use, each at most once an hour, so that reading a page stays a read (TEN-11). */
export function sessionRenewer(site: Site): (request: Request, response: Response) => Promise<void> {
  const renewedAt = new Map<string, number>();
  return async (request, response) => {
    const token = site.cookies.read(request, 'session');
    if (token === undefined) return;
    const key = hashSecret(token);
    const now = site.clock().epochMilliseconds;
    if (now - (renewedAt.get(key) ?? 0) < hour) return;
    renewedAt.delete(key);
    renewedAt.set(key, now);
    const oldest = renewedAt.keys().next().value;
    if (renewedAt.size > remembered && oldest !== undefined) renewedAt.delete(oldest);
    if (await renewSession(site.db, token)) rememberSession(site, response, token);
  };
}

/** Hands a session to the browser. */
export function rememberSession(site: Site, response: Response, token: string): void {
  site.cookies.write(response, 'session', token, sessionMinutes * 60);
}

/**
 * Throws FORBIDDEN unless the form was sent by one of our own pages: the browser says so, and (for whoever is signed
 * in) the form carries the token of this session.
 */
export function requireOwnForm(request: PageRequest): void {
  requireOwnSite(request.site, request.http);
  const expected = Buffer.from(request.identity.csrf_token ?? '');
  const got = Buffer.from(textOf(request.http.body, 'csrf_token'));
  if (expected.length > 0 && got.length === expected.length && timingSafeEqual(got, expected)) return;
  throw new DeskhandError(
    'FORBIDDEN',
    'This form is from an earlier sign-in, so nothing was saved. Load the page again and send it once more.',
  );
}

/** Throws FORBIDDEN for a form that a page of another site sent. */
export function requireOwnSite(site: Site, request: Request): void {
  if (isFromOurPages(site, request)) return;
  throw new DeskhandError('FORBIDDEN', 'This form was sent from another web site, so nothing was done.');
}

function isFromOurPages(site: Site, request: Request): boolean {
  // Browsers leave it out on plain http except on localhost; there the Origin decides.
  const from = request.get('sec-fetch-site');
  if (from !== undefined) return from === 'same-origin' || from === 'none';
  const origin = request.get('origin');
  // No browser sends a form without Origin; a program has nobody else's cookies to misuse.
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === request.get('host') || host === new URL(site.baseUrl).host;
}

/**
 * A path on this site to go to after signing in, or undefined: other sites, protocol-relative addresses, and the
 * sign-in pages themselves are none.
 */
export function localPath(text: string): string | undefined {
  const home = 'http://deskhand.invalid';
  if (text.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || !URL.canParse(text, home))
    return undefined;
  const url = new URL(text, home);
  if (url.origin !== home || /^\/(\/|sign-(in|out)(\/|$)|static\/)/.test(url.pathname)) return undefined;
  return url.pathname + url.search;
}
