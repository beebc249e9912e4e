import type { Router } from 'express';
import { createPages } from '../../web-review/router.ts';
import { as } from '../support/office.ts';
import { type Pages, tellStory } from '../support/pages.ts';

// Every page there is: the routes as they are registered, and the pages that links lead to.

/** Besides the usual story: something of everything that has buttons. */
export async function tellMore(office: Pages): Promise<void> {
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
  await payAtDoor(office);
  const lines = [{ description: 'Ladder rental', unit_price_cents: 12_000 }];
  const bill = await done(owner, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(owner, 'invoice.create', { contact_id: 'C-1001', lines });
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
  const merged: unknown[] = [];
  for (const phone of ['(256) 555-0181', '(256) 555-0181', '(256) 555-0182', '(256) 555-0182']) {
    const { id } = await done(owner, 'contact.create', { full_name: `Vera Twice ${phone.slice(-1)}`, phone });
    merged.push(id);
  }
  await done(owner, 'contact.merge', { contact_id: merged[0], merged_contact_id: merged[1] });
  await done(owner, 'task.create', { title: 'Order squeegees', due_at: '2026-11-18' });
  const other = await done(owner, 'agent.create', { name: 'Night shift' });
  await done(owner, 'authorization.pause_agent', { agent_id: other.id });
  await done(owner, 'connection.allow', {
    new_agent: 'Claude',
    client_id: 'https://claude.example/client.json',
    client_name: 'Claude',
    redirect_host: 'claude.example',
    is_verified: true,
    scope: 'office',
  });
  await askForAnotherTime(office);
  await done(owner, 'calendar_feed.create', { covers: 'business' });
  await done(owner, 'waitlist.create', { contact_id: 'C-1001', duration_minutes: 60 });
  const thanks = {
    kind: 'receipt',
    name: 'Thanks',
    subject: 'Thank you',
    body: 'Thank you for the payment.',
  };
  await done(owner, 'template.create', thanks);
  // So far ahead that none of its visits is made yet.
  const series = { rule: 'monthly', starts_on: '2027-06-01', start_time: '09:00', duration_minutes: 60 };
  await done(owner, 'series.create', { contact_id: 'C-1001', ...series });
  await setUp(office);
}

/** A customer cannot come then, and would like another time. */
async function askForAnotherTime({ done, bright: { owner } }: Pages): Promise<void> {
  const visit = await done(owner, 'ticket.create', {
    contact_id: 'C-1001',
    scheduled_at: '2026-12-08T09:00',
  });
  await done(owner, 'ticket.confirm', {
    ticket_id: visit.id,
    confirmation_status: 'modify_requested',
    asked_for_at: '2026-12-09T14:00',
    customer_words: 'We are away on Tuesday.',
  });
}

/** What an owner set up: a form, an import, a price that was raised, something that is not offered any more, somebody who left. */
async function setUp({ done, bright: { owner } }: Pages): Promise<void> {
  await done(owner, 'lead_form.create', { name: 'Website', allowed_from: 'brightpanes.example' });
  const content = 'First Name,Last Name,Email Address,Phone Number\nIda,Import,ida@example.com,\n';
  await done(owner, 'import.square', { content, file_name: 'customers.csv' });
  await done(owner, 'service.update', { service_id: 'S-1', price_cents: 19_500 });
  const old = await done(owner, 'service.create', { name: 'Awnings', pricing: 'flexible' });
  await done(owner, 'service.update', { service_id: old.id, is_active: false });
  const gone = { name: 'Gus', email: 'gus@brightpanes.example', role: 'technician' };
  const { id: member_id } = await done(owner, 'member.create', gone);
  await done(owner, 'member.delete', { member_id });
}

/** A technician was paid at the door, and nobody has checked it yet. */
async function payAtDoor({ done, bright }: Pages): Promise<void> {
  const theo = as(bright, 'Theo');
  const lines = [{ service_id: 'Screens', quantity: 20 }];
  const visit = { contact_id: 'C-1001', technician_ids: [String(bright.people.Theo?.id)], lines };
  const { id: ticket_id } = await done(bright.owner, 'ticket.create', {
    ...visit,
    scheduled_at: '2026-11-26T09:00',
  });
  await done(theo, 'closeout.confirm_work', { ticket_id, duration_minutes: 45 });
  await done(theo, 'closeout.set_notes', { ticket_id, notes: '' });
  const { review } = await done(theo, 'closeout.set_next_service', { ticket_id, next_service: 'no' });
  await done(theo, 'closeout.complete', { ticket_id, review });
  await done(theo, 'closeout.payment_choice', {
    ticket_id,
    payment_choice: 'at_door',
    payment_method: 'cash',
  });
}

/** A page as it came. */
export interface Crawled {
  path: string;
  status: number;
  text: string;
}

/** The pages that links lead to from a first one, that one included. */
export async function crawl(pages: Pages, first: string, session?: string): Promise<Crawled[]> {
  const found: Crawled[] = [];
  const known = new Set([first]);
  for (const path of known) {
    const response = await pages.send(path, session === undefined ? {} : { session });
    const text = (response.headers.get('content-type') ?? '').includes('html') ? await response.text() : '';
    const location = response.headers.get('location');
    for (const [, href = ''] of text.matchAll(/href="(\/[^"]*)"/g)) learn(known, href);
    if (location !== null) learn(known, location);
    found.push({ path, status: response.status, text });
  }
  return found;
}

/** One page of each list and each day is enough, and one row of each kind of record; what is downloaded shows no forms. */
function learn(known: Set<string>, href: string): void {
  const path = href.replaceAll('&amp;', '&').replace(/#.*$/, '');
  if (/^\/static\/|^\/capabilities\/|cursor=|[?&](date|range|from|by_\w+)=/.test(path) || known.size > 800)
    return;
  const kind = /^\/records\/\w+\/(?=[A-Z\d])/.exec(path)?.[0];
  if (kind !== undefined && !/\/(edit|deleted)$/.test(path) && [...known].some(other => isRowOf(kind, other)))
    return;
  known.add(path);
}

const isRowOf = (kind: string, path: string): boolean =>
  path.startsWith(kind) && /^[A-Z\d]/.test(path.slice(kind.length));

/** The addresses the pages are registered for. */
export function routesOf({ app, db, url }: Pages, method: 'get' | 'post'): string[] {
  const router: Router = createPages({ app, db, baseUrl: url, dataDir: '/srv/deskhand', demo: true });
  return router.stack.flatMap(({ route }) => {
    const isMeant = route?.stack.some(one => one.method === method);
    return route && isMeant ? [String(route.path)] : [];
  });
}

/** What an address of a route looks like. */
export const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);
