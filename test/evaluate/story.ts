import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { squareFile } from '../bench/square-file.ts';
import { as, type Business, type Done } from '../support/business.ts';
import { customers, inquiries, priceList, type Visit, visits } from './people.ts';

// Bright Panes on a Wednesday morning at eight: some 1,200 customers out of its old system and two dozen it knows better.

/** As many as the fixture does not hold. */
const others = 700;

/** Tells the story through the ordinary actions, as the people of the business. The clock ends where it began. */
export async function tellStory(
  business: Business,
  done: Done,
  setClock: (local: string) => void,
): Promise<void> {
  const telling = { owner: business.owner, dana: as(business, 'Dana'), done, setClock };
  setClock('2026-03-02T08:00:00-06:00');
  await settle(telling);
  await bringOldSystem(telling);
  for (const visit of visits) await tellVisit(telling, visit);
  setClock('2026-11-17T15:00:00-06:00');
  for (const raw_notes of inquiries) {
    await done(telling.dana, 'lead.create', { raw_notes, source: 'phone_call' });
  }
  await tellYesterday(telling);
  setClock('2026-11-18T08:00:00-06:00');
}

interface Telling {
  owner: Business['owner'];
  dana: Business['owner'];
  done: Done;
  setClock(local: string): void;
}

/** Price list and the customers everybody in the office knows: C-1001 and on, in the order they stand in. */
async function settle({ owner, dana, done }: Telling): Promise<void> {
  for (const service of priceList) await done(owner, 'service.create', service);
  for (const { home, note, prefers, ...facts } of customers) {
    const { reference } = await done(dana, 'contact.create', facts);
    await done(dana, 'address.create', { contact_id: reference, type: 'home', ...home });
    if (note !== undefined) {
      await done(dana, 'note.create', { contact_id: reference, content: note, extract: 'now' });
    }
    if (prefers) await done(dana, 'contact.set_preferences', { contact_id: reference, ...prefers });
  }
  await done(dana, 'contact.merge', { contact_id: 'Harold Brenner', merged_contact: 'Hal Brenner' });
}

async function bringOldSystem({ owner, done }: Telling): Promise<void> {
  const fixture = await readFile(path.join(packageRoot, 'test/fixtures/square-customers.csv'), 'utf8');
  for (const content of [fixture, squareFile(1, others)]) await done(owner, 'import.square', { content });
}

/** Books on the morning of the day before, and closes what has been closed since. */
async function tellVisit({ dana, done, setClock }: Telling, visit: Visit): Promise<void> {
  const { at, who, lines, tech, closed, invoice, agreed, confirmed } = visit;
  setClock(`${at.slice(0, 10) < '2026-11-17' ? at.slice(0, 10) : '2026-11-16'}T07:00:00-06:00`);
  const { reference } = await done(dana, 'ticket.create', {
    contact_id: who,
    scheduled_at: at,
    lines,
    technician_ids: tech === undefined ? [] : [tech],
    ...(agreed ? { is_price_estimated: false } : {}),
  });
  if (confirmed) {
    await done(dana, 'ticket.confirm', { ticket_id: reference, confirmation_status: 'accepted' });
  }
  if (closed === undefined) return;
  setClock(`${at.slice(0, 10)}T18:00:00-06:00`);
  await done(dana, 'ticket.close', {
    ticket_id: reference,
    duration_minutes: 90,
    price_confirmed: true,
    ...closed,
  });
  if (invoice === undefined) return;
  const bill = await done(dana, 'invoice.create_from_ticket', { ticket_id: reference });
  await done(dana, 'invoice.send', { invoice_id: bill.reference });
  if (invoice === 'paid') {
    await done(dana, 'invoice.record_payment', {
      invoice_id: bill.reference,
      amount_cents: bill.total_cents,
    });
  }
}

async function tellYesterday({ dana, done }: Telling): Promise<void> {
  await done(dana, 'interaction.create', {
    type: 'phone_call',
    direction: 'inbound',
    contact_id: 'Ruth Bellamy',
    body: 'Asked what the sunroom would cost; wants to hear from us.',
    follow_up_at: '2026-11-18T15:00',
  });
  await done(dana, 'message.schedule', {
    contact_id: 'Priya Raman',
    subject: 'Storm windows before the winter',
    body: 'Hello Priya, shall we come by for your storm windows in January?',
    send_at: '2026-12-08T09:00',
  });
}
