import type { Router } from 'express';
import { beforeAll, expect, test } from 'vitest';
import { createPages } from '../../web-review/router.ts';
import { as } from '../support/office.ts';
import { type Pages, tellStory, usePages } from '../support/pages.ts';

// What a page handles, some page shows: nobody can press a button that stands in the code alone.

// Browsers make passkeys at a name, not at a number.
const pages = usePages({}, { host: 'localhost' });

/** Addresses nobody presses a button for, each with its reason. */
const byScript = ['/passkeys/options', '/passkeys/check'];
/** What takes a state the story of this test does not reach; the tests named here press it. */
const elsewhere: Readonly<Record<string, string>> = {
  '/close-out/:ref/look-again': 'test/web/close-out-review.test.ts',
  '/close-out/:ref/note': 'test/web/close-out-offline-trouble.test.ts',
  '/passkeys/remove': 'test/passkeys/browser.test.ts',
  '/passkeys/requirement': 'test/passkeys/browser.test.ts',
};

beforeAll(() => tellMore(pages()), 60_000);

/** Besides the usual story: something of everything that has buttons. */
async function tellMore(office: Pages): Promise<void> {
  await tellStory(office);
  const { done, act, bright } = office;
  const { owner, agent } = bright;
  const close = { duration_minutes: 90, notes: '', next_service: 'no' };
  for (const scheduled_at of ['2026-11-24T09:00', '2026-11-25T09:00']) {
    const visit = { contact_id: 'C-1001', scheduled_at, technician_ids: [String(bright.people.Theo?.id)] };
    const { id: ticket_id } = await done(owner, 'ticket.create', visit);
    await done(owner, 'ticket.close', { ticket_id, ...close });
  }
  await done(owner, 'invoice.create_from_ticket', { ticket_id: 'T-2004' });
  const lines = [{ description: 'Ladder rental', unit_price_cents: 12_000 }];
  const bill = await done(owner, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(owner, 'invoice.send', { invoice_id: bill.reference, email: 'jane.smith@example.com' });
  await done(as(bright, 'Tess'), 'ticket.clock_in', { ticket_id: 'T-2002' });
  const note = { contact_id: 'C-1001', content: 'Dog named Biscuit. Gate code 4411.' };
  const { id: note_id } = await done(owner, 'note.create', note);
  await done(owner, 'note.extract', { note_id });
  const message = { contact_id: 'C-1001', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' };
  await done(owner, 'message.schedule', message);
  await done(owner, 'lead.create', { raw_notes: 'Mark Webb called, 256 555 0177, wants windows cleaned.' });
  const lost = await done(owner, 'lead.create', { raw_notes: 'Ann Lee called about gutters.' });
  await done(owner, 'lead.disqualify', { lead_id: lost.id, reason: 'other' });
  await done(owner, 'authorization.set_level', { action: 'note.update', level: 'soft_limit' });
  for (const name of ['Spring', 'Autumn']) {
    await act(agent, 'lead_form.create', { name }, { reasoning: 'The website gets a page for the season.' });
  }
  const { id: company_id } = await done(owner, 'company.create', { name: 'Gone Ltd' });
  await done(owner, 'company.delete', { company_id });
  await done(owner, 'secret.set', { name: 'resend_webhook', value: 'whsec_c2VjcmV0IG9mIHRoZSBzdG9yeQ==' });
  const other = await done(owner, 'agent.create', { name: 'Night shift' });
  await done(owner, 'authorization.pause_agent', { agent_id: other.id });
}

test('every form that is taken is shown on a page somebody can get to', async () => {
  const shown = new Set<string>();
  for (const name of ['olivia', 'theo', 'tess']) {
    const session = await pages().signIn(`${name}@brightpanes.example`);
    for (const action of await formsFrom('/', session)) shown.add(action);
  }
  for (const path of ['/sign-in', await pages().linkFor('olivia@brightpanes.example')]) {
    for (const action of await formsFrom(path)) shown.add(action);
  }
  const missing = postRoutes().filter(
    path => !byScript.includes(path) && ![...shown].some(action => patternOf(path).test(action)),
  );
  expect(missing).toEqual(Object.keys(elsewhere));
});

/** The addresses of all forms on the pages that links lead to from a first one. */
async function formsFrom(first: string, session?: string): Promise<Set<string>> {
  const actions = new Set<string>();
  const known = new Set([first]);
  for (const path of known) {
    const response = await pages().send(path, session === undefined ? {} : { session });
    const text = (response.headers.get('content-type') ?? '').includes('html') ? await response.text() : '';
    const location = response.headers.get('location');
    for (const [, href = ''] of text.matchAll(/href="(\/[^"]*)"/g)) learn(known, href);
    if (location !== null) learn(known, location);
    for (const [, action = ''] of text.matchAll(/(?:<form method="post" | form)action="([^"]*)"/g))
      actions.add(action);
  }
  return actions;
}

/** One page of each list and each day is enough, and one row of each kind of record; what is downloaded shows no forms. */
function learn(known: Set<string>, href: string): void {
  const path = href.replaceAll('&amp;', '&').replace(/#.*$/, '');
  if (/^\/static\/|^\/capabilities\/|cursor=|[?&](date|range|from|by_\w+)=/.test(path) || known.size > 300)
    return;
  const kind = /^\/records\/\w+\/(?=[A-Z\d])/.exec(path)?.[0];
  if (kind !== undefined && !/\/(edit|deleted)$/.test(path) && [...known].some(other => isRowOf(kind, other)))
    return;
  known.add(path);
}

const isRowOf = (kind: string, path: string): boolean =>
  path.startsWith(kind) && /^[A-Z\d]/.test(path.slice(kind.length));

function postRoutes(): string[] {
  const { app, db } = pages();
  const router: Router = createPages({ app, db, baseUrl: pages().url, dataDir: '/srv/deskhand', demo: true });
  return router.stack.flatMap(({ route }) => {
    const isPost = route?.stack.some(({ method }) => method === 'post');
    return route && isPost ? [String(route.path)] : [];
  });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
