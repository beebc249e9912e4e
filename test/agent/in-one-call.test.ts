import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useDesk } from './desk.ts';

// What an owner asks for in one sentence is one call: people and things go by the words the owner used, and what belongs
// together is done together, by the same rules as one by one.

const panes = useBrightPanes();
const desk = useDesk(panes);

const because = { reasoning: 'The owner asked for it' };
const call = (action: string, data: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  desk().use('crm_action', { action, data, ...more });
const refused = (action: string, data: Record<string, unknown>) =>
  desk().refused('crm_action', { action, data, ...because });

const customer = async (full_name: string, more: Record<string, unknown> = {}) =>
  String((await panes().done(panes().dana, 'contact.create', { full_name, ...more })).reference);
const visit = async (contact_id: string, scheduled_at: string, more: Record<string, unknown> = {}) =>
  String((await panes().book(scheduled_at, { contact_id, ...more })).reference);
const close = (ticket_id: string) =>
  panes().done(panes().dana, 'ticket.close', {
    ticket_id,
    duration_minutes: 60,
    notes: '',
    next_service: 'no',
  });

describe('a visit goes by its customer and its day', () => {
  beforeAll(async () => {
    panes().setClock('2026-11-18T08:00:00-06:00');
    await customer('Nell Garvey');
    await visit('Nell Garvey', '2026-11-20T09:00', { lines: ['Gutter Cleaning'] });
    await visit('Nell Garvey', '2026-11-24T09:00', { lines: ['Gutter Cleaning'] });
  });

  test('“Nell Garvey Friday” is the one of Friday, and its only line need not be named', async () => {
    const { data } = await call('ticket.update_line', {
      ticket: 'Nell Garvey Friday',
      unit_price_cents: 51_000,
    });
    expect(data).toMatchObject({
      total_cents: 51_000,
      scheduled_at: expect.stringContaining('2026-11-20'),
    });
  });

  test('by her name alone she has two, and one is asked which', async () => {
    expect(await refused('ticket.confirm', { ticket: 'Nell Garvey' })).toMatchObject({
      code: 'AMBIGUOUS',
      candidates: [
        { label: expect.stringContaining('2026-11-20') },
        { label: expect.stringContaining('2026-11-24') },
      ],
    });
  });

  test('on a day on which she has none, none is taken instead', async () => {
    expect(await refused('ticket.confirm', { ticket: 'Nell Garvey Saturday' })).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await refused('ticket.confirm', { ticket: 'Nell Garvey 2026-11-21' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('of several lines one is asked which', async () => {
    await call('ticket.add_line', { ticket: 'Nell Garvey Friday', service: 'Screen Cleaning', quantity: 2 });
    expect(await refused('ticket.remove_line', { ticket: 'Nell Garvey Friday' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'line_id',
      valid_options: [expect.stringContaining('Gutter'), expect.stringContaining('Screen')],
    });
  });
});

describe('a bill goes by its customer, and the one that fits is meant', () => {
  beforeAll(async () => {
    panes().setClock('2026-11-18T08:00:00-06:00');
    await customer('Gus Petrakis', { email: 'gus@petrakis.example' });
    await panes().done(panes().dana, 'invoice.create', {
      contact_id: 'Gus Petrakis',
      lines: [{ description: 'Screens', unit_price_cents: 4_000 }],
    });
  });

  test('sent is the draft, voided the one that is out, and each only once', async () => {
    await call('invoice.send', { invoice: 'Gus Petrakis' }, because);
    const { data } = await call('invoice.void', { invoice: 'Gus Petrakis', reason: 'Free' }, because);
    expect(data).toMatchObject({ status: 'void' });
    expect(await refused('invoice.void', { invoice: 'Gus Petrakis', reason: 'Free' })).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a call-back, a mail, an address go by whose they are', () => {
  beforeAll(async () => {
    panes().setClock('2026-11-18T08:00:00-06:00');
    await customer('Ruth Bellamy', { email: 'ruth@bellamy.example' });
    await panes().done(panes().dana, 'address.create', {
      contact_id: 'Ruth Bellamy',
      line1: '412 Clinton Ave',
    });
    await panes().done(panes().dana, 'interaction.create', {
      contact_id: 'Ruth Bellamy',
      type: 'phone_call',
      direction: 'inbound',
      subject: 'Sunroom',
      follow_up_at: '2026-11-20T09:00',
    });
    await panes().done(panes().dana, 'message.schedule', {
      contact_id: 'Ruth Bellamy',
      subject: 'Storm windows',
      body: 'Shall we come?',
      send_at: '2026-12-01T09:00',
    });
  });

  test('her only call to make is done, and then there is none any more', async () => {
    const { data } = await call('interaction.complete_follow_up', {
      interaction: 'Ruth Bellamy',
      outcome: 'spoke',
    });
    expect(data).toMatchObject({ follow_up_status: 'completed' });
    expect(await refused('interaction.complete_follow_up', { interaction: 'Ruth Bellamy' })).toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('her only mail to come is called off', async () => {
    const { data } = await call('message.cancel', { message: 'Ruth Bellamy' }, because);
    expect(data).toMatchObject({ status: 'cancelled', subject: '«Storm windows»' });
  });

  test('her only address is the one that is corrected', async () => {
    const { data } = await call('address.update', { address: 'Ruth Bellamy', line1: '414 Clinton Ave' });
    expect(data).toMatchObject({ line1: '«414 Clinton Ave»' });
  });

  test('and what was done last about her is taken back by her name', async () => {
    await call('undo', { of: 'Ruth Bellamy' }, because);
    const [address] = await desk().query('addresses', { where: { contact: 'Ruth Bellamy' } });
    expect(address).toMatchObject({ line1: '«412 Clinton Ave»' });
  });
});

describe('in a list a name means whoever has what is asked for', () => {
  beforeAll(async () => {
    panes().setClock('2026-11-18T08:00:00-06:00');
    for (const name of ['Priya Raman', 'Priya Shah', 'Priya Nair'])
      await customer(name, { email: `${name.split(' ')[1]}@priya.example` });
    await panes().done(panes().dana, 'message.schedule', {
      contact_id: 'Priya Shah',
      subject: 'December',
      body: 'Shall we come?',
      send_at: '2026-12-01T09:00',
    });
  });

  test('of three Priyas the one who has a mail to come', async () => {
    const { rows, meant } = await desk().use('crm_query', {
      type: 'scheduled_messages',
      where: { contact: 'Priya' },
      filter: 'pending',
    });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(meant)).toContain('Priya Shah');
  });

  test('where none has any, one is asked which', async () => {
    expect(
      await desk().refused('crm_query', { type: 'invoices', where: { contact: 'Priya' } }),
    ).toMatchObject({
      code: 'AMBIGUOUS',
    });
  });

  test('and what changes something is never guessed', async () => {
    expect(await refused('contact.update', { contact: 'Priya', notes: 'Likes Tess' })).toMatchObject({
      code: 'AMBIGUOUS',
    });
  });
});

describe('what belongs together is one call', () => {
  beforeAll(() => panes().setClock('2026-11-18T08:00:00-06:00'));

  test('a visit that was is written down and closed; the owner said nothing of what follows', async () => {
    await customer('Bea Moncrief');
    const { data } = await call(
      'ticket.record_visit',
      {
        contact: 'Bea Moncrief',
        scheduled_at: '2026-11-14T09:00',
        lines: ['Gutter Cleaning'],
        technicians: ['Theo'],
        duration_minutes: 90,
        close: {},
      },
      because,
    );
    expect(data).toMatchObject({ status: 'closed', actual_minutes: 90, total_cents: 15_000 });
  });

  test('it is closed by the rules of closing: without a reason it is not even written down', async () => {
    const input = { contact: 'Bea Moncrief', scheduled_at: '2026-11-13T09:00', close: {} };
    expect(await desk().refused('crm_action', { action: 'ticket.record_visit', data: input })).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    expect(await desk().query('tickets', { where: { contact: 'Bea Moncrief' } })).toHaveLength(1);
  });

  test('the visit is billed and the bill sent, once', async () => {
    await panes().done(panes().dana, 'contact.update', {
      contact_id: 'Bea Moncrief',
      email: 'bea@moncrief.example',
    });
    const data = { ticket: 'Bea Moncrief', send: true };
    expect(await desk().refused('crm_action', { action: 'invoice.create_from_ticket', data })).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    expect(await desk().query('invoices', { where: { contact: 'Bea Moncrief' } })).toEqual([]);
    const sent = await call('invoice.create_from_ticket', data, because);
    expect(sent).toMatchObject({
      data: { status: 'sent', total_cents: 15_000 },
      undo: expect.stringContaining('none'),
    });
    expect(await refused('invoice.create_from_ticket', data)).toMatchObject({ code: 'CONFLICT' });
  });

  test('what the owner set for one of them holds: sending waits, and so does all of it', async () => {
    await customer('Otto Reinhardt', { email: 'otto@reinhardt.example' });
    const was = await visit('Otto Reinhardt', '2026-11-19T09:00', { lines: ['Gutter Cleaning'] });
    panes().setClock('2026-11-19T13:00:00-06:00');
    await close(was);
    const { done, olivia } = panes();
    await done(olivia, 'authorization.set_level', {
      action: 'invoice.send',
      level: 'requires_authorization',
      reason: 'Mine',
    });
    const waiting = await call(
      'invoice.create_from_ticket',
      { ticket: 'Otto Reinhardt', send: true },
      because,
    );
    expect(waiting).toMatchObject({ status: 'pending_authorization' });
    expect(await desk().query('invoices', { where: { contact: 'Otto Reinhardt' } })).toEqual([]);
    const drafted = await call('invoice.create_from_ticket', { ticket: 'Otto Reinhardt' });
    expect(drafted).toMatchObject({ status: 'done', data: { status: 'draft' } });
  });

  test('an inquiry becomes a customer with a visit, and a list of them is refused as one', async () => {
    await panes().done(panes().dana, 'lead.create', { full_name: 'Robert Milesworth', follow_up: false });
    const { data } = await call('lead.convert', {
      lead: 'Robert Milesworth',
      appointment: { scheduled_at: '2026-11-24T13:00', lines: ['Gutter Cleaning'] },
    });
    expect(data).toMatchObject({ ticket: { scheduled_at: expect.stringContaining('2026-11-24 13:00') } });
  });

  test('what goes along with one is refused for a list, and nothing is done', async () => {
    expect(
      await refused('invoice.create_from_ticket', { tickets: ['Bea Moncrief'], send: true }),
    ).toMatchObject({ code: 'VALIDATION_ERROR', message: expect.stringContaining('send') });
  });

  test('a customer is made with the address, and taken back whole', async () => {
    const nora = {
      full_name: 'Nora Quinlan',
      phone: '(205) 555-0187',
      address: '18 Zierdt Rd, Madison AL 35758',
    };
    const { data, undo } = await call('contact.create', nora);
    expect(data).toMatchObject({
      address: { line1: '«18 Zierdt Rd»', city: '«Madison»', postal_code: '35758' },
    });
    await call('undo', { of: undo }, because);
    expect(await desk().query('contacts', { search: 'Nora Quinlan' })).toEqual([]);
    expect(await refused('contact.create', { ...nora, address: 'over there' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'address',
    });
  });

  test('a mail without a time goes now; whoever has no address is called', async () => {
    const words = { subject: 'Friday', body: 'We come on Friday.' };
    await customer('Henry Stokesbury', { phone: '(205) 555-0170' });
    expect(await refused('message.schedule', { contact: 'Henry Stokesbury', ...words })).toMatchObject({
      message: expect.stringContaining('Nothing was sent'),
      hint: expect.stringContaining('(205) 555-0170'),
    });
    const { status, data } = await call('message.schedule', { contact: 'Gus Petrakis', ...words }, because);
    expect([status, (data as { status?: string }).status]).toEqual(['done', 'sending']);
  });

  test('a visit is moved by a day, or to a day, at the same time', async () => {
    await customer('Tom Alvarez');
    await visit('Tom Alvarez', '2026-11-24T09:00');
    const { done, dana } = panes();
    const move = (scheduled_at: string) =>
      done(dana, 'handle_reschedule_request', { contact_id: 'Tom Alvarez', scheduled_at });
    expect(await move('+1 day')).toMatchObject({ story: expect.stringContaining('to Wed 2026-11-25 09:00') });
    expect(await move('2026-11-27')).toMatchObject({
      story: expect.stringContaining('to Fri 2026-11-27 09:00'),
    });
  });

  test('the briefing covers the days it is asked for', async () => {
    const { data } = await desk().use('daily_briefing', { date: '2026-11-20', to: '2026-11-27' });
    expect(data).toMatchObject({ day: 'Fri 2026-11-20 to Fri 2026-11-27' });
    expect(JSON.stringify(data)).toContain('Tom Alvarez');
  });
});
