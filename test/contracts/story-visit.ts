import { z } from 'zod';
import { png } from '../organizations/logos.ts';
import type { Business, Office } from '../support/office.ts';
import { leaveRun } from './story-traces.ts';

/** One customer and her visit, with whoever and whatever belongs to them: what the rest of the story goes on from. */
export async function tellOfOneVisit(
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

const lineOf = (visit: unknown): string =>
  z.object({ lines: z.tuple([z.looseObject({ id: z.string() })]) }).parse(visit).lines[0].id;
