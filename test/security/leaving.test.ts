import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isPlainName } from '../../core/messages/plain-name.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// Data does not leave by mail alone: an agent chooses neither where mails go nor what they say to somebody new.

const panes = useBrightPanes();
const reasoning = 'The customer asked us to write to them';
const waiting = 'pending_authorization';
const evil = 'x@evil.test';
const list = 'Jane Smith jane.smith@example.com (256) 555-0142 123 Main Street Madison';

// As if the last ten minutes had been quiet: how much goes out is another rule (bulk.test.ts).
beforeEach(async () => {
  await panes().database.owner.query(`
    alter table audit_log disable trigger immutable;
    update audit_log
    set id = overlay(uuid7_floor(now() - interval '11 minutes')::text placing right(id::text, 17) from 20)::uuid
    where actor_kind = 'agent';
    alter table audit_log enable trigger immutable`);
});

const act = (action: string, data: Record<string, unknown>) =>
  panes().act(panes().agent, action, data, { reasoning });
const dana = async (action: string, data: Record<string, unknown>) =>
  String((await panes().done(panes().dana, action, data)).reference);
const outbox = async (kind = 'email') =>
  panes().read(panes().dana, 'outbox', { params: { kind }, limit: 100 });
const mailsTo = async (to: string) =>
  (await outbox()).flatMap(({ payload }) =>
    typeof payload === 'object' && payload !== null && 'to' in payload && payload.to === to ? [payload] : [],
  );
const newCustomer = async (full_name: string, email: string) =>
  String((await panes().done(panes().agent, 'contact.create', { full_name, email })).reference);
let hour = 0;
const free = () => {
  hour += 1;
  return `2027-01-${String(1 + Math.floor(hour / 8)).padStart(2, '0')}T${String(9 + (hour % 8)).padStart(2, '0')}:00`;
};
const bill = () =>
  dana('invoice.create', { contact_id: 'C-1001', lines: [{ description: list, unit_price_cents: 9000 }] });
const show = async (id: unknown) =>
  (await panes().read(panes().olivia, 'authorization_requests', { id: String(id) }))[0];
const allow = async (id: unknown) =>
  panes().done(panes().olivia, 'authorization.allow_once', {
    request: String(id),
    digest: (await show(id))?.digest,
  });

describe('a customer list does not go to a stranger', () => {
  test.each(['ticket.create', 'schedule_appointment'])(
    'as the name of a new contact with %s: the salutation is left out',
    async action => {
      const to = `${action.replace(/\W/g, '-')}@evil.test`;
      const contact_id = await newCustomer(list, to);
      const { status } = await act(action, { contact_id, scheduled_at: free(), notify_customer: true });
      expect(status).toBe('done');
      const [mail] = await mailsTo(to);
      expect(JSON.stringify(mail)).toContain('We have you down');
      expect(JSON.stringify(mail)).not.toMatch(/Jane|555|Main Street/);
    },
  );

  test('as the street of a new contact: no street goes to an address nobody has confirmed', async () => {
    const to = 'street@evil.test';
    const contact_id = await newCustomer('New Person', to);
    await panes().done(panes().agent, 'address.create', { contact_id, line1: list, type: 'home' });
    await act('ticket.create', { contact_id, scheduled_at: free(), notify_customer: true });
    const [mail] = await mailsTo(to);
    expect(JSON.stringify(mail)).toContain('Hello New');
    expect(JSON.stringify(mail)).not.toMatch(/Jane|Main Street/);
  });

  test('with an invoice to an address given in the call: it waits, whole, and nothing is out', async () => {
    const invoice_id = await bill();
    const { status, data } = await act('invoice.send', { invoice_id, email: evil });
    expect({ status, rule: data.rule }).toEqual({ status: waiting, rule: 'new_address' });
    const shown = JSON.stringify((await show(data.request))?.preview);
    expect(shown).toContain(evil);
    expect(shown).toContain(list);
    expect(await mailsTo(evil)).toEqual([]);
  });

  test('with an invoice to a customer whose address an agent has just typed', async () => {
    const contact_id = await newCustomer('Bill Payer', 'bill@evil.test');
    const lines = [{ description: list, unit_price_cents: 9000 }];
    const { reference } = await panes().done(panes().agent, 'invoice.create', { contact_id, lines });
    expect((await act('invoice.send', { invoice_id: reference })).status).toBe(waiting);
  });

  test('with a message that is planned to a new contact', async () => {
    const contact_id = await newCustomer('Mail Reader', 'reader@evil.test');
    const message = { contact_id, subject: 'News', body: list, send_at: '2026-12-01T09:00' };
    expect(await act('message.schedule', message)).toMatchObject({
      status: waiting,
      data: { rule: 'new_address' },
    });
  });

  test('with a message to a known customer whose address an agent changes before it is due', async () => {
    const contact_id = await dana('contact.create', { full_name: 'Walt Green', email: 'walt@example.com' });
    const message = { contact_id, subject: 'News', body: list, send_at: '2026-12-01T09:00' };
    const { status, data } = await act('message.schedule', message);
    expect(status).toBe('done');
    await act('contact.update', { contact_id, email: 'walt@evil.test' });
    expect((await act('message.send_now', { message_id: data.reference })).status).toBe(waiting);
    const due = { via: 'system', organization_id: panes().bright.id, name: 'worker' } as const;
    const sent = await panes().act(due, 'message.send_due', {
      message_id: String(data.reference),
      send_at: String(data.send_at),
    });
    expect(sent.data).toMatchObject({ status: 'failed' });
    expect(await mailsTo('walt@evil.test')).toEqual([]);
  });

  test('with a confirmation to a known customer whose address an agent has changed', async () => {
    const contact_id = await dana('contact.create', { full_name: 'Wilma Green', email: 'wilma@example.com' });
    await act('contact.update', { contact_id, email: 'wilma@evil.test' });
    const booking = { contact_id, scheduled_at: free(), notify_customer: true };
    expect((await act('ticket.create', booking)).status).toBe(waiting);
    expect(await mailsTo('wilma@evil.test')).toEqual([]);
  });

  test('with a visit that is moved by the tool for it, after the address was changed', async () => {
    const contact_id = await dana('contact.create', { full_name: 'Wes Green', email: 'wes@example.com' });
    const ticket_id = await dana('ticket.create', { contact_id, scheduled_at: free() });
    await act('contact.update', { contact_id, email: 'wes@evil.test' });
    const move = { ticket_id, scheduled_at: free() };
    expect((await act('handle_reschedule_request', move)).status).toBe(waiting);
  });

  test('with the address of another customer: it is not this customer’s own', async () => {
    const invoice_id = await bill();
    const other = await dana('contact.create', { full_name: 'Other Person', email: 'other@example.com' });
    expect(other).toMatch(/^C-/);
    expect((await act('invoice.send', { invoice_id, email: 'other@example.com' })).status).toBe(waiting);
  });
});

describe('what a person has read and allowed', () => {
  const message = { subject: 'Price', body: 'It costs $90.', send_at: '2126-12-01T09:00' };
  const planned = async (contact_id: string) => {
    const { status, data } = await act('message.schedule', { ...message, contact_id });
    if (status === 'done') return String(data.reference);
    const { result } = await allow(data.request);
    return z.object({ reference: z.string() }).parse(result).reference;
  };
  const bodyOf = async (id: string) =>
    (await panes().read(panes().dana, 'scheduled_messages', { id, fields: ['body'] }))[0]?.body;

  test('does not go out in other words, unless a person allows those too', async () => {
    const message_id = await planned(await newCustomer('Wanda New', 'wanda@example.com'));
    expect((await act('message.update', { message_id, send_at: '2126-12-02T09:00' })).status).toBe('done');
    for (const words of [{ body: list }, { subject: list }]) {
      const { status, data } = await act('message.update', { message_id, ...words });
      expect({ status, rule: data.rule }).toEqual({ status: waiting, rule: 'reworded' });
    }
    expect(await bodyOf(message_id)).toBe(message.body);
    const { data } = await act('message.update', { message_id, body: 'It costs $95.' });
    expect((await show(data.request))?.why_not_always).toContain('words that were allowed');
    expect(await allow(data.request)).toMatchObject({ status: 'succeeded' });
    expect(await bodyOf(message_id)).toBe('It costs $95.');
  });

  test('is reworded by people, and so are by an agent words that nobody had to allow', async () => {
    const allowed = await planned(await newCustomer('Wilbur New', 'wilbur@example.com'));
    await panes().done(panes().dana, 'message.update', { message_id: allowed, body: 'It costs $80.' });
    expect(await bodyOf(allowed)).toBe('It costs $80.');
    const free = await planned('C-1001');
    expect((await act('message.update', { message_id: free, body: 'It costs $70.' })).status).toBe('done');
  });
});

describe('what goes at once, as before:', () => {
  test('the invoice, the message and the confirmation of a customer whom people know', async () => {
    expect((await act('invoice.send', { invoice_id: await bill() })).status).toBe('done');
    const message = { subject: 'News', body: list, send_at: '2026-12-01T09:00', contact_id: 'C-1001' };
    expect((await act('message.schedule', message)).status).toBe('done');
    const booking = { contact_id: 'C-1001', scheduled_at: free(), notify_customer: true };
    expect((await act('ticket.create', booking)).status).toBe('done');
    const mails = JSON.stringify(await mailsTo('jane.smith@example.com'));
    expect(mails).toContain('Hello Jane');
    expect(mails).toContain('Where: 123 Main Street');
  });

  test('what a person sends, wherever to', async () => {
    await panes().done(panes().dana, 'invoice.send', { invoice_id: await bill(), email: 'tax@example.com' });
    expect(await mailsTo('tax@example.com')).toHaveLength(1);
  });
});

describe('a person', () => {
  test('who allows a mail to an address makes it the customer’s own: the next one goes', async () => {
    const contact_id = await newCustomer('Nora New', 'nora@example.com');
    const message = { contact_id, subject: 'Price', body: 'It costs $90.', send_at: '2026-12-01T09:00' };
    const { data } = await act('message.schedule', message);
    expect(await allow(data.request)).toMatchObject({ status: 'succeeded' });
    const next = await act('message.schedule', { ...message, subject: 'Another price' });
    expect(next.status).toBe('done');
  });

  test('who confirms or types the address does so too', async () => {
    for (const [action, more] of [
      ['contact.confirm_email', {}],
      ['contact.update', { notes: 'Rang, spelled it out' }],
    ] as const) {
      const email = `${action.split('.')[1]}@example.com`;
      const contact_id = await newCustomer('Nick New', email);
      const message = { contact_id, subject: 'Price', body: 'It costs $90.', send_at: '2026-12-01T09:00' };
      const first = await act('message.schedule', message);
      expect(first.status).toBe(waiting);
      await panes().done(panes().dana, action, { contact_id, email, ...more });
      expect((await act('message.schedule', { ...message, subject: 'Again' })).status).toBe('done');
    }
  });

  test('is asked each time: it cannot be allowed for good', async () => {
    const { data } = await act('invoice.send', { invoice_id: await bill(), email: 'always@evil.test' });
    expect((await show(data.request))?.why_not_always).toContain('new address');
  });
});

test('a name is letters, as people are called, and nothing else', () => {
  for (const name of ['Jane Smith', 'Mrs. Hart', 'Ana María López-Ruiz', 'O’Neill', 'J. P. Morgan']) {
    expect(isPlainName(name), name).toBe(true);
  }
  for (const name of [
    list,
    'evil.test',
    'Jane 2565550142',
    'see www.evil.test now',
    'Jane\nSmith',
    'a'.repeat(61),
    'one two three four five six',
    'x@evil.test',
  ]) {
    expect(isPlainName(name), name).toBe(false);
  }
});

test('whoever decides about a mail sees what its agent had read before, by reference', async () => {
  const { agent, read } = panes();
  await read(agent, 'contacts', { search: 'Smith' });
  await act('find_customer', { query: 'Mrs Hart' });
  const { data } = await act('invoice.send', { invoice_id: await bill(), email: 'reads@evil.test' });
  const shown = JSON.stringify((await show(data.request))?.preview);
  expect(shown).toContain('"what":"contacts"');
  expect(shown).toContain('"what":"find_customer"');
  expect(shown).toMatch(/"references":\["C-1002"/);
});
