import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What is done to many is one call: all of it or none, and each item as if it had been asked for by itself.

const panes = useBrightPanes();
let made = 0;

/** A visit at nine on a day of its own; answers its reference. */
async function visit(): Promise<string> {
  made += 1;
  const { reference } = await panes().book(
    `2027-0${1 + Math.floor(made / 27)}-${String(1 + (made % 27)).padStart(2, '0')}T09:00`,
  );
  return String(reference);
}
const visits = async (count: number) => {
  const references: string[] = [];
  for (let index = 0; index < count; index += 1) references.push(await visit());
  return references;
};
const crewOf = async (reference: string) => {
  const [row] = await panes().read(panes().olivia, 'tickets', { id: reference, include: ['technicians'] });
  return JSON.stringify(row?.technicians);
};
const reasoning = 'The owner asked for it this morning';

test('an agent sends Tess to three visits with one call, and each visit has its own history', async () => {
  const tickets = await visits(3);
  const { status, data } = await panes().act(panes().agent, 'ticket.assign_technician', {
    technician: 'Tess',
    tickets,
  });
  expect(status).toBe('done');
  expect(data.results).toMatchObject(tickets.map(reference => ({ reference })));
  for (const ticket of tickets) {
    expect(await crewOf(ticket)).toContain('Tess');
    const [row] = await panes().read(panes().olivia, 'tickets', { id: ticket, include: ['history'] });
    expect(row?.history).toMatchObject([
      { domain_action: 'ticket.assign_technician' },
      { domain_action: 'ticket.create' },
    ]);
  }
});

test('a list where one is wanted, the plural of the member, and the list by its name all mean the same', async () => {
  for (const list of ['ticket', 'ticket_id', 'ticketIds', 'ticket_ids', 'tickets']) {
    const tickets = await visits(2);
    await panes().done(panes().dana, 'ticket.assign_technician', { technician_id: 'Theo', [list]: tickets });
    for (const ticket of tickets) expect(await crewOf(ticket), list).toContain('Theo');
  }
});

test('each item may say for itself what the others share', async () => {
  const [first = '', second = ''] = await visits(2);
  await panes().done(panes().dana, 'ticket.assign_technician', {
    technician: 'Tess',
    tickets: [first, { ticket: second, technician: 'Theo' }],
  });
  expect(await crewOf(first)).toContain('Tess');
  expect(await crewOf(second)).toContain('Theo');
  expect(await crewOf(second)).not.toContain('Tess');
});

test('three lines of a visit are added, two changed and two taken off, a call each', async () => {
  const ticket = await visit();
  const added = await panes().done(panes().dana, 'ticket.add_line', {
    ticket,
    lines: [
      { service: 'Screen Cleaning', quantity: 10 },
      'Gutter Cleaning',
      'Interior and Exterior Window Cleaning',
    ],
  });
  expect(added.results).toHaveLength(3);
  await panes().done(panes().dana, 'ticket.update_line', {
    ticket,
    lines: [
      { line: '1', quantity: 12 },
      { line: 'window', unit_price_cents: 40_000 },
    ],
  });
  const total = async () => (await panes().read(panes().olivia, 'tickets', { id: ticket }))[0]?.total_cents;
  expect(await total()).toBe(12 * 500 + 15_000 + 40_000);
  await panes().done(panes().dana, 'ticket.remove_line', { ticket, lines: ['1', '2'] });
  expect(await total()).toBe(40_000);
});

test('several facts of a customer are written down with one call, and tags of several customers', async () => {
  await panes().done(panes().dana, 'attribute.set', {
    contact: 'Jane Smith',
    facts: [
      { key: 'pet', value: 'cat' },
      { key: 'gate_code', value: '4411' },
    ],
  });
  const facts = await panes().read(panes().olivia, 'attributes', { params: { contact_id: 'C-1001' } });
  expect(facts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'pet', value: 'cat' }),
      expect.objectContaining({ key: 'gate_code', value: '4411' }),
    ]),
  );
  await panes().done(panes().dana, 'contact.update', {
    contacts: ['Jane Smith', 'Mrs Hart'],
    tags: ['spring'],
  });
  const tagged = await panes().read(panes().olivia, 'contacts', { params: { tag: 'spring' } });
  expect(tagged.map(({ reference }) => reference).sort()).toEqual(['C-1001', 'C-1002']);
});

test('visits are moved to times of their own, or none is: the busy one is named, and so is the one that is over', async () => {
  const [first = '', second = '', third = ''] = await visits(3);
  const busy = String((await panes().book('2027-04-05T09:00', { technician_ids: ['Theo'] })).reference);
  await panes().done(panes().dana, 'ticket.assign_technician', {
    technician: 'Theo',
    tickets: [first, second],
  });
  await panes().done(panes().dana, 'ticket.cancel', { ticket: third }, { reasoning });
  const tickets = [
    { ticket: first, scheduled_at: '2027-04-06T09:00' },
    { ticket: second, scheduled_at: '2027-04-05T09:30' },
    { ticket: third, scheduled_at: '2027-04-07T09:00' },
  ];
  const before = await panes().read(panes().olivia, 'tickets', { id: first });
  const refused = await refusal(panes().done(panes().dana, 'ticket.reschedule', { tickets }));
  expect(refused.message).toContain('2 of 3 cannot be done, so none was.');
  expect(refused.problems).toMatchObject([
    {
      field: 'tickets.1.scheduled_at',
      message: expect.stringMatching(new RegExp(`^${second}.*${busy}`)),
    },
    { field: 'tickets.2', message: expect.stringContaining(third) },
  ]);
  expect(await panes().read(panes().olivia, 'tickets', { id: first })).toEqual(before);
  // The control: without the two it goes through.
  await panes().done(panes().dana, 'ticket.reschedule', { tickets: tickets.slice(0, 1) });
});

test('an unknown visit among good ones is named, and nobody is sent anywhere', async () => {
  const [first = '', second = ''] = await visits(2);
  const refused = await refusal(
    panes().done(panes().dana, 'ticket.assign_technician', {
      technician: 'Tess',
      tickets: [first, 'T-9999', second, 'T-9998'],
    }),
  );
  expect(refused).toMatchObject({
    code: 'NOT_FOUND',
    field: 'tickets.1.ticket_id',
    problems: [{ field: 'tickets.1.ticket_id' }, { field: 'tickets.3.ticket_id' }],
  });
  expect(await crewOf(first)).not.toContain('Tess');
});

test('a visit of another business is unknown like one that never was', async () => {
  const { clear, done, dana, bright } = panes();
  const theirs = await done(clear.owner, 'contact.create', { full_name: 'Their Customer' });
  const asked = (id: unknown) =>
    refusal(done(dana, 'contact.update', { contacts: ['C-1001', id], tags: ['x'] }));
  const [other, random] = [await asked(theirs.id), await asked('01980000-0000-7000-8000-000000000000')];
  expect({ ...other, message: '', got: '' }).toEqual({ ...random, message: '', got: '' });
  expect(bright.id).not.toBe(clear.id);
});

test('the same visit twice, no visit at all, fifty-one of them, and one beside the list are refused', async () => {
  const [first = '', second = ''] = await visits(2);
  const ask = (data: Record<string, unknown>) =>
    refusal(panes().done(panes().dana, 'ticket.assign_technician', { technician: 'Tess', ...data }));
  expect(await ask({ tickets: [first, second, first] })).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'tickets.2',
    message: expect.stringContaining('Nos. 1 and 3'),
  });
  expect(await ask({ tickets: [] })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'tickets' });
  expect(await ask({ tickets: Array.from({ length: 51 }, () => first) })).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'tickets',
  });
  expect(await ask({ ticket: second, tickets: [first] })).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: expect.stringContaining('in one place'),
  });
  expect(await crewOf(first)).not.toContain('Tess');
});

test('a preview shows each visit and leaves none of it', async () => {
  const tickets = await visits(3);
  const { data } = await panes().act(
    panes().agent,
    'ticket.assign_technician',
    { technician: 'Tess', tickets },
    { preview: true },
  );
  expect(data).toMatchObject({
    affected_rows: 3,
    result: { results: tickets.map(reference => ({ reference })) },
  });
  for (const ticket of tickets) expect(await crewOf(ticket)).not.toContain('Tess');
});

test('two lists that name the same visits in another order, at once, end with each technician sent once', async () => {
  const tickets = await visits(6);
  const send = (technician: string, list: readonly string[]) =>
    panes().done(panes().dana, 'ticket.assign_technician', { technician, tickets: list });
  await Promise.all([send('Tess', tickets), send('Theo', tickets.toReversed())]);
  for (const ticket of tickets) {
    expect(await crewOf(ticket)).toContain('Tess');
    expect(await crewOf(ticket)).toContain('Theo');
  }
});

test('two who send Tess to the same visits at once do not both do half of it', async () => {
  const tickets = await visits(4);
  const send = (list: readonly string[]) =>
    panes().done(panes().dana, 'ticket.assign_technician', { technician: 'Tess', tickets: list });
  const ends = await Promise.allSettled([send(tickets), send(tickets.toReversed())]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  for (const id of tickets) {
    const [visit] = await panes().read(panes().dana, 'tickets', { id: String(id), include: ['technicians'] });
    expect(visit?.technicians).toMatchObject([{ name: 'Tess' }]);
  }
});

test('the same list again with the same key is done once', async () => {
  const ticket = await visit();
  const call = { ticket, lines: ['Gutter Cleaning', 'Screen Cleaning'] };
  const first = await panes().act(panes().dana, 'ticket.add_line', call, { idempotency_key: 'lines-1' });
  const again = await panes().act(panes().dana, 'ticket.add_line', call, { idempotency_key: 'lines-1' });
  expect(first.replayed).toBe(false);
  expect(again).toMatchObject({ replayed: true, data: first.data });
});

test('who may not do it to one may not do it to many', async () => {
  const tickets = await visits(2);
  const refused = await refusal(
    panes().done(panes().tess, 'ticket.assign_technician', { technician: 'Tess', tickets }),
  );
  expect(refused.code).toBe('FORBIDDEN');
  const lines = await refusal(
    panes().done(panes().tess, 'ticket.add_line', { ticket: tickets[0], lines: ['S-1'] }),
  );
  expect(lines.code).toBe('NOT_FOUND');
});
