import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { png } from '../organizations/logos.ts';
import type { Business, Office } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { exampleInput } from './example-input.ts';
import { leaveExport, leavePasskeys, leaveRun, leaveTraces } from './story-traces.ts';

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

const lineOf = (visit: unknown): string =>
  z.object({ lines: z.tuple([z.looseObject({ id: z.string() })]) }).parse(visit).lines[0].id;

async function tellOfOneVisit(
  { done, read }: Office,
  { id, owner, agent: helper }: Business,
  name: string,
): Promise<Record<string, string>> {
  const create = async (action: string, data: Record<string, unknown>) =>
    String((await done(owner, action, data)).id);
  const member = await create('member.create', {
    name: `${name} Walker`,
    email: `walker@${name.toLowerCase()}.example`,
    role: 'technician',
  });
  const agent = await create('agent.create', { name: `${name} Helper` });
  const { prefix } = await done(owner, 'agent.create_key', { agent_id: agent });
  const company = await create('company.create', {
    name: `${name} Holdings`,
    main_phone: '256 555 0177',
    billing_email: `books.${name.toLowerCase().replace(/\W+/g, '')}@customers.example`,
  });
  const contact = await create('contact.create', {
    full_name: `${name} Customer`,
    email: `${name.toLowerCase()}@customers.example`,
    phone: '(256) 555-0171',
    company_id: company,
    owner_user_id: member,
    tags: [name],
    notes: `${name} likes it clean`,
  });
  const address = await create('address.create', {
    contact_id: contact,
    company_id: company,
    line1: `12 ${name} Lane`,
    city: 'Madison',
    postal_code: '35757',
  });
  const service = await create('service.create', {
    name: `${name} windows`,
    pricing: 'per_unit',
    price_cents: 1500,
    duration_minutes: 60,
  });
  const ticket = await create('ticket.create', {
    contact_id: contact,
    address_id: address,
    scheduled_at: '2026-11-23T09:00',
    lines: [{ service_id: service, quantity: 4 }],
    technician_ids: [member],
    notes: `${name} has a dog`,
    notify_customer: true,
  });
  const [visit] = await read(owner, 'tickets', { id: ticket, include: ['lines'] });
  await done(owner, 'ticket.clock_in', { ticket_id: ticket, at: '2026-11-18T07:00' });
  const visitOn = (day: string) =>
    create('ticket.create', { contact_id: contact, address_id: address, scheduled_at: `${day}T09:00` });
  await done(owner, 'briefing.record', { counts: { visits: 1 } });
  const planned = await visitOn('2026-12-14');
  const cancelled = await visitOn('2026-12-15');
  await done(owner, 'ticket.cancel', { ticket_id: cancelled });
  const wished = await visitOn('2026-12-16');
  await done(owner, 'ticket.confirm', {
    ticket_id: wished,
    confirmation_status: 'modify_requested',
    asked_for_at: '2026-12-17T09:00',
    customer_words: `${name} is away then`,
  });
  // Its fact is the agent's word, so that there is something to confirm.
  const { id: note } = await done(helper, 'note.create', {
    contact_id: contact,
    ticket_id: ticket,
    content: `${name} gate 12`,
    attributes: [{ key: 'pet', value: 'dog', details: { name: `${name} Biscuit` } }],
  });
  const [fact] = await read(owner, 'attributes', { params: { contact_id: contact } });
  const lead = await create('lead.create', {
    full_name: `${name} Customer`,
    contact_id: contact,
    company_id: company,
    owner_user_id: member,
    raw_notes: `${name} wants clean gutters`,
    fields: { service_interest: 'gutter cleaning' },
  });
  const run = await leaveRun({ done, read }, owner, name);
  await done(owner, 'note.create', { lead_id: lead, content: `${name} asked again` });
  const interaction = await create('interaction.create', {
    type: 'phone_call',
    direction: 'inbound',
    lead_id: lead,
    ticket_id: ticket,
    owner_user_id: member,
    subject: `${name} Customer called`,
    follow_up_at: '2026-11-19T09:00',
  });
  const message = await create('message.schedule', {
    contact_id: contact,
    ticket_id: ticket,
    subject: `${name} Customer, shall we come again?`,
    body: `Hello ${name}`,
    send_at: '2026-12-01T09:00',
  });
  const sent = await create('message.schedule', {
    contact_id: contact,
    subject: `${name} Customer, a word`,
    body: `Hello ${name}`,
    send_at: '2026-12-01T09:00',
  });
  await done(owner, 'message.send_now', { message_id: sent });
  await done({ via: 'system', organization_id: id, name: 'worker' }, 'message.record_delivery', {
    message_id: sent,
    sent_as: `mail of ${name}`,
  });
  await done(owner, 'secret.set', { name: 'resend_webhook', value: `whsec_${name}` });
  await done(owner, 'organization.set_logo', { file: png().toString('base64') });
  const form = await done(owner, 'lead_form.create', { name: `${name} website` });
  await done(owner, 'import.csv', {
    content: `Name,Color of ${name}\n${name} Supplies,blue\n`,
    file_name: `${name} Companies.csv`,
    kind: 'companies',
    mapping: { [`Color of ${name}`]: 'custom' },
  });
  await done(owner, 'import.square', {
    content: `First Name,Last Name,Email Address,Phone Number,Square Customer ID,Memo\n${name},Imported,,,SQ-${name},Has a dog\n,,,,,${name} left no name\n`,
    file_name: `${name} Customer.csv`,
  });
  const [batch] = await read(owner, 'imports', { sort: '-created_at' });
  const alike = { full_name: `${name} Twin`, phone: '(256) 555-0172' };
  const twin = await create('contact.create', alike);
  await create('contact.create', alike);
  const merge = {
    contact_id: contact,
    merged_contact_id: await create('contact.create', { full_name: `${name} Twin` }),
  };
  await done(owner, 'contact.merge', merge);
  const absence = await create('absence.create', {
    member_id: member,
    starts_at: '2027-03-15',
    ends_at: '2027-03-17',
    reason: `with ${name} Holdings`,
  });
  const [merged] = await read(owner, 'contact_merges', { params: { contact_id: contact } });
  return {
    absence,
    company,
    contact,
    address,
    service,
    ticket,
    line: lineOf(visit),
    'day of the visit': '2026-11-23',
    'planned visit': planned,
    'cancelled visit': cancelled,
    'visit with a wish': wished,
    note: String(note),
    attribute: String(fact?.id),
    lead,
    interaction,
    scheduled_message: message,
    'mail id': `mail of ${name}`,
    'waiting run': run,
    lead_form: String(form.id),
    'form key': String(form.public_key),
    import: String(batch?.id),
    'second customer': twin,
    'contact of duplicates': twin,
    contact_merge: String(merged?.id),
    member,
    agent,
    key: String(prefix),
  };
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
