import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { Business, Office } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { exampleInput } from './example-input.ts';
import { leaveExport, leavePasskeys, leaveTraces } from './story-traces.ts';
import { tellOfOneVisit } from './story-visit.ts';

/** Ids of one business by the name of the record, such that they fit together: the address belongs to the contact. */
export type Story = Readonly<Record<string, string>>;

/**
 * Gives a business one of everything: every registered record exists afterwards, related to the others. A record the
 * story does not know is made by its plain create, pointing to whatever it can point to; one that cannot be made like
 * that has to be told here.
 */
export async function tellStory(office: Office, business: Business, name: string): Promise<Story> {
  const visit = await tellOfOneVisit(office, business, name);
  const story: Record<string, string> = {
    ...visit,
    ...(await tellOfBills(office, business, name, visit)),
    ...(await tellOfCloseOuts(office, business, name, visit)),
    ...(await tellOfWaiting(office, business, name, visit)),
    export: await leaveExport(office, business, name),
  };
  // The newest line of a visit is one that can still change.
  const line = { ticket_id: pickFrom(story, 'ticket'), service_id: pickFrom(story, 'service') };
  await office.done(business.owner, 'ticket.add_line', line);
  await tellOfTheRest(office, business, name, story);
  return {
    ...story,
    ...(await leaveTraces(office, business, name)),
    ...(await leavePasskeys(office, business, name)),
  };
}

export function pickFrom(story: Story, record: string): string {
  const id = story[record];
  if (id === undefined) throw new Error(`test/contracts/story.ts has no ${record} yet`);
  return id;
}

/** One of each record that nobody told of, what others point to first. */
async function tellOfTheRest(
  { app: { registry }, done }: Office,
  { owner }: Business,
  name: string,
  story: Record<string, string>,
): Promise<void> {
  const waiting = new Set([...registry.records.keys()].filter(record => story[record] === undefined));
  while (waiting.size > 0) {
    const next = [...waiting]
      .flatMap(record => registry.actions.get(`${record}.create`) ?? [])
      .find(({ refs }) => refs.every(({ record }) => story[record] !== undefined));
    if (!next) {
      throw new Error(
        `test/contracts/story.ts has to tell how one of these comes to be: ${[...waiting].join(', ')}. It has no create of its own, or they point to each other.`,
      );
    }
    const record = next.id.replace(/\.create$/, '');
    const pick = (other: string) => pickFrom(story, other);
    const pointers = next.refs.flatMap(({ path: [member = '', ...deeper], record: other }) =>
      deeper.length === 0 ? [[member, pick(other)]] : [],
    );
    const input = {
      ...exampleInput(next, pick),
      ...Object.fromEntries(pointers),
      ...labelled(registry.records.get(record), name),
    };
    story[record] = String((await done(owner, next.id, input)).id);
    waiting.delete(record);
  }
}

/** The member a row is called by, and its long words, with the word of its business in them. */
function labelled(record: RecordSpec | undefined, name: string): Record<string, string> {
  const writable = Object.entries(record?.fields ?? {}).filter(
    ([member]) => member in (record?.writable.shape ?? {}),
  );
  const label = writable.find(([, { label, kind }]) => label && kind === 'text');
  const words = writable.find(([, { kind, search }]) => kind === 'long_text' && search);
  const said = [label, words].flatMap(found => (found ? [found[0]] : []));
  return Object.fromEntries(said.map(member => [member, `${name} ${record?.noun ?? ''}`]));
}

/** Somebody who wants the planned visit sooner, and was offered a time. */
async function tellOfWaiting(
  { done, read }: Office,
  { owner }: Business,
  name: string,
  story: Story,
): Promise<Record<string, string>> {
  const technician_id = pickFrom(story, 'member');
  const { id: waitlist } = await done(owner, 'waitlist.create', {
    contact_id: pickFrom(story, 'contact'),
    ticket_id: pickFrom(story, 'planned visit'),
    address_id: pickFrom(story, 'address'),
    technician_id,
    note: `${name} has a party`,
  });
  await done(owner, 'waitlist.offer', { scheduled_at: '2026-12-02T09:00', technician_id, to: [waitlist] });
  const [offer] = await read(owner, 'waitlist_offers', { params: { waitlist_id: String(waitlist) } });
  const { id: calledOff } = await done(owner, 'ticket.create', {
    contact_id: pickFrom(story, 'contact'),
    address_id: pickFrom(story, 'address'),
    scheduled_at: '2026-12-03T09:00',
    technician_ids: [technician_id],
  });
  await done(owner, 'ticket.cancel', { ticket_id: calledOff });
  return {
    waitlist: String(waitlist),
    waitlist_offer: String(offer?.id),
    'ticket of waitlist': pickFrom(story, 'planned visit'),
    'ticket of waitlist.update': pickFrom(story, 'planned visit'),
    'ticket of gaps': String(calledOff),
    'kind of mail': 'confirmation',
    'with a visit there is': 'true',
  };
}

/** Two visits that were done, one of them billed; a bill that is still a draft, one that is out, and one that was paid twice. */
async function tellOfBills(
  { done, read }: Office,
  { owner }: Business,
  name: string,
  story: Story,
): Promise<Record<string, string>> {
  const contact_id = pickFrom(story, 'contact');
  const create = async (action: string, data: Record<string, unknown>) =>
    String((await done(owner, action, data)).id);
  const closedVisit = async (day: string) => {
    const ticket_id = await create('ticket.create', {
      contact_id,
      address_id: pickFrom(story, 'address'),
      scheduled_at: `${day}T09:00`,
      lines: [{ service_id: pickFrom(story, 'service'), quantity: 2 }],
    });
    await done(owner, 'ticket.close', { ticket_id, duration_minutes: 60, notes: '', next_service: 'no' });
    return ticket_id;
  };
  const billed = await closedVisit('2026-12-17');
  const draft = await create('invoice.create_from_ticket', { ticket_id: billed });
  await done(owner, 'invoice.update', { invoice_id: draft, notes: `Thank you, ${name}` });
  const lines = [{ description: `${name} ladder`, unit_price_cents: 100_000 }];
  const company_id = pickFrom(story, 'company');
  const sent = await create('invoice.create', { contact_id, company_id, lines });
  await done(owner, 'invoice.send', { invoice_id: sent });
  const paid = await create('invoice.create', { contact_id, company_id, lines });
  const pay = async () => {
    const note = `${name} check`;
    const input = { invoice_id: paid, amount_cents: 60_000, note };
    const { payment } = await done(owner, 'invoice.record_payment', input);
    const [row] = await read(owner, 'payments', { id: String(payment) });
    return String(row?.id);
  };
  const [payment, second] = [await pay(), await pay()];
  const back = { payment_id: second, amount_cents: 20_000, reason: 'overpaid', note: `${name} cash` };
  // The newest line of a bill is one that can still change.
  await done(owner, 'invoice.add_line', {
    invoice_id: draft,
    description: `${name} hooks`,
    unit_price_cents: 500,
  });
  return {
    invoice: draft,
    'sent invoice': sent,
    'invoice of payments': paid,
    'invoice of refunds': paid,
    'payment of refunds': second,
    payment,
    refund: await create('payment.refund', back),
    'ticket of invoices': billed,
    'ticket of send_invoice': billed,
    'closed visit': await closedVisit('2026-12-18'),
  };
}

/** Close-outs of the owner: one at its review, one that is to be paid, one whose notes are being read, one where that failed. */
async function tellOfCloseOuts(
  office: Office,
  { owner, people }: Business,
  name: string,
  story: Story,
): Promise<Record<string, string>> {
  const { done, read } = office;
  const closeOut = async (scheduled_at: string, extraction = 'done') => {
    const { id: ticket_id } = await done(owner, 'ticket.create', {
      contact_id: pickFrom(story, 'contact'),
      address_id: pickFrom(story, 'address'),
      scheduled_at,
      lines: [{ service_id: pickFrom(story, 'service'), quantity: 3 }],
    });
    await done(owner, 'closeout.confirm_work', { ticket_id, duration_minutes: 45 });
    await done(owner, 'closeout.set_notes', { ticket_id, notes: `${name} has a cat` });
    const { review } = await done(owner, 'closeout.set_next_service', { ticket_id, next_service: 'no' });
    await asTableOwner(office, 'update closeout_sessions set extraction_status = $2 where ticket_id = $1', [
      ticket_id,
      extraction,
    ]);
    const params = { ticket_id: String(ticket_id) };
    const [session] = await read(owner, 'closeout_sessions', { params });
    return { ticket: params.ticket_id, session: String(session?.id), review };
  };
  const ready = await closeOut('2026-11-25T09:00');
  const completed = await closeOut('2026-11-25T11:00');
  await done(owner, 'closeout.complete', { ticket_id: completed.ticket, review: completed.review });
  const paid = await closeOut('2026-11-25T17:00');
  await done(owner, 'closeout.complete', { ticket_id: paid.ticket, review: paid.review });
  const taken = {
    payment_choice: 'at_door',
    payment_method: 'check',
    amount_cents: 9_900,
    check_number: '1042',
  };
  await done(owner, 'closeout.payment_choice', { ticket_id: paid.ticket, ...taken });
  return {
    closeout_session: ready.session,
    'visit to close out': ready.ticket,
    review: String(ready.review),
    'visit to be paid': completed.ticket,
    'visit paid at the door': paid.ticket,
    'visit with unread notes': (await closeOut('2026-11-25T13:00', 'failed')).ticket,
    'close-out that is read': (await closeOut('2026-11-25T15:00', 'pending')).session,
    'ticket of closeout_sessions': ready.ticket,
    'member of closeout_sessions': Object.values(people)[0]?.id ?? '',
  };
}
