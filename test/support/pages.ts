import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Router } from 'express';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll } from 'vitest';
import type { LanguageModel } from '../../core/kernel/outside/language-model.ts';
import type { Domain } from '../../core/kernel/registry/domain.ts';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import { createPages, type PagesOptions } from '../../web-review/router.ts';
import { as, type Office, storyTime, useOffice } from './office.ts';

/** The pages of an office on a real server. */
export interface Pages extends Office {
  url: string;
  /** Signs a person in and answers the secret of the session. */
  signIn(email: string): Promise<string>;
  /** A link that signs a person in, as it stands in the mail. */
  linkFor(email: string): Promise<string>;
  /** Sends a request without following redirects; `session` is the secret of a session. */
  send(path: string, options?: SendOptions): Promise<Response>;
  /** The text of the newest mail to an address. */
  newestMail(to: string): Promise<string | undefined>;
  defects: unknown[];
}

export interface SendOptions {
  session?: string;
  cookie?: string;
  /** Sent as a form; makes it a POST. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  method?: string;
}

/** What the real server puts in front of the pages. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Front {
  /** The name in the address; a number when left out. */
  host?: string;
  /** What the business takes for its address, where devices of a test were made for one; that of the server when left out. */
  baseUrl?: string;
  /** Addresses of a test's own, in front of the pages. */
  routes?: Router;
  /** The language model of the installation; it has none when left out. */
  model?: LanguageModel;
  /** Registered besides those of the catalog. */
  domains?: readonly Domain[];
}

/** Opens the two businesses and serves their pages before the tests of a file; closes both after. */
export function usePages(options: Partial<PagesOptions> = {}, front: Front = {}): () => Pages {
  const { host = '127.0.0.1', baseUrl, routes, model, domains } = front;
  const office = useOffice({
    baseUrl: () => baseUrl ?? pages?.url ?? 'http://localhost',
    ...(model ? { model } : {}),
    ...(domains ? { domains } : {}),
  });
  let server: Server | undefined;
  let pages: Pages | undefined;
  beforeAll(async () => {
    const app = express();
    server = await new Promise<Server>(resolve => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    const url = `http://${host}:${portOf(server.address())}`;
    if (routes) app.use(routes);
    pages = serve(office(), app, url, options);
  });
  afterAll(() => {
    server?.closeAllConnections();
    server?.close();
  });
  return () => {
    if (!pages) throw new Error('the pages open in beforeAll');
    return pages;
  };
}

function serve(office: Office, app: express.Express, url: string, options: Partial<PagesOptions>): Pages {
  const { db } = office;
  const defects: unknown[] = [];
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  });
  app.use(
    createPages({
      app: office.app,
      db,
      baseUrl: url,
      dataDir: '/srv/deskhand',
      demo: true,
      clock: () => Temporal.Instant.from(storyTime),
      onDefect: error => defects.push(error),
      linkLimits: { per_ip: 1000, per_address: 1000 },
      ...options,
    }),
  );
  let signingIn: Promise<unknown> = Promise.resolve();
  const tokenFor = async (email: string) => {
    const token = await createSignInToken(db, email);
    if (token === undefined) throw new Error(`nobody has the address ${email}`);
    return token;
  };
  return {
    ...office,
    url,
    defects,
    linkFor: async email => `/sign-in/${await tokenFor(email)}`,
    async signIn(email) {
      // One after the other: a newer link ends an older one of the same person.
      const earlier = signingIn;
      const now = earlier.then(async () => redeemSignInToken(db, await tokenFor(email)));
      signingIn = now.catch(() => undefined);
      const session = await now;
      if (session === undefined) throw new Error('a fresh link works');
      return session;
    },
    send: (path, request = {}) => send(url + path, request),
    async newestMail(to) {
      const { rows } = await office.database.owner.query<{ text: string }>(
        "select payload ->> 'text' as text from jobs where payload ->> 'to' = $1 order by id desc limit 1",
        [to],
      );
      return rows[0]?.text;
    },
  };
}

function send(url: string, { session, cookie, form, headers, method }: SendOptions): Promise<Response> {
  const cookies = [session && `deskhand_session=${session}`, cookie].filter(Boolean).join('; ');
  return fetch(url, {
    redirect: 'manual',
    method: method ?? (form ? 'POST' : 'GET'),
    headers: { ...(cookies ? { cookie: cookies } : {}), ...headers },
    ...(form ? { body: new URLSearchParams(form) } : {}),
  });
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the server listens on a port');
  return address.port;
}

/** The value of a hidden field of a page. */
export function fieldOf(page: string, name: string): string {
  const value = new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1];
  if (value === undefined) throw new Error(`the page has no field ${name}`);
  return value;
}

/** The token every form of a session carries. */
export async function csrfOf(pages: Pages, session: string): Promise<string> {
  const { csrf_token } = await pages.app.whoIs({ via: 'session', token: session }, { request_id: 'test' });
  if (csrf_token === undefined) throw new Error('a session has a form token');
  return csrf_token;
}

/**
 * The story the pages tell: Jane Smith is booked twice, one visit was moved and another cancelled with a reason, Mrs
 * Hart has a note, the agent waits for the owner.
 */
export async function tellStory({ bright, done, act }: Office): Promise<void> {
  const { agent, owner } = bright;
  const dana = as(bright, 'Dana');
  const windows = await done(owner, 'service.create', {
    name: 'Exterior windows',
    pricing: 'fixed',
    price_cents: 18_000,
    duration_minutes: 90,
  });
  const screens = await done(owner, 'service.create', {
    name: 'Screens',
    pricing: 'per_unit',
    price_cents: 400,
    duration_minutes: 30,
  });
  await done(agent, 'contact.create', {
    first_name: 'Jane',
    last_name: 'Smith',
    email: 'jane.smith@example.com',
    phone: '(256) 555-0142',
    tags: ['gate code', 'annual'],
    notes: 'Prefers a call before we come.',
  });
  await done(agent, 'address.create', {
    contact_id: 'C-1001',
    line1: '123 Main Street',
    city: 'Madison',
    state: 'AL',
    postal_code: '35758',
  });
  await done(agent, 'contact.create', { full_name: 'Mrs Hart', phone: '(256) 555-0199' });
  await done(agent, 'address.create', {
    contact_id: 'C-1002',
    line1: '8 Cove Road',
    city: 'Owens Cross Roads',
    state: 'AL',
    postal_code: '35763',
  });
  await done(agent, 'ticket.create', {
    contact_id: 'C-1001',
    scheduled_at: '2026-11-18T13:00',
    lines: [{ service_id: String(windows.id) }, { service_id: String(screens.id), quantity: 22 }],
    technician_ids: [String(bright.people.Theo?.id)],
    notify_customer: true,
  });
  await done(dana, 'ticket.update_line', { ticket_id: 'T-2001', line_id: '1', unit_price_cents: 20_000 });
  await done(
    agent,
    'ticket.reschedule',
    { ticket_id: 'T-2001', scheduled_at: '2026-11-18T14:00' },
    { reasoning: 'Jane phoned and asked for two o’clock instead of one.' },
  );
  await done(agent, 'ticket.create', {
    contact_id: 'C-1002',
    scheduled_at: '2026-11-18T09:30',
    lines: [{ service_id: String(windows.id) }],
    technician_ids: [String(bright.people.Tess?.id)],
  });
  await done(agent, 'ticket.create', { contact_id: 'C-1002', scheduled_at: '2026-11-19T09:00' });
  await done(
    agent,
    'ticket.cancel',
    { ticket_id: 'T-2003' },
    { reasoning: 'Mrs Hart is away until Thanksgiving and will call us.' },
  );
  await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Two dogs in the yard.\nRing twice.' });
  await done(agent, 'contact.create', { full_name: 'Hart, Mrs' });
  await done(dana, 'note.create', { contact_id: 'C-1003', content: 'Came in twice.' });
  await act(
    agent,
    'contact.delete',
    { contact_id: 'C-1003' },
    { reasoning: 'Mrs Hart is in the list twice; C-1002 has the address, so I would remove this one.' },
  );
}
