import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { planning } from './planning.ts';

const panes = useBrightPanes();
const { plan } = planning(panes);

describe('the list of messages', () => {
  const references = async (query: Parameters<ReturnType<typeof panes>['read']>[2]) =>
    (await panes().read(panes().dana, 'scheduled_messages', { limit: 100, ...query })).map(
      row => row.reference,
    );

  test('is narrowed to a customer, a visit, days in the time of the business, kinds and states', async () => {
    const { done, dana, book } = panes();
    const { reference: ticket_id } = await book('2026-11-25T09:00');
    const late = await plan({ send_at: '2027-06-01T23:30', ticket_id, kind: 'outreach' });
    const early = await plan({ send_at: '2027-06-02T00:00', contact_id: 'C-1002' });
    const gone = await plan({ send_at: '2027-06-02T08:00', contact_id: 'C-1002' });
    await done(dana, 'message.cancel', { message_id: gone.id });
    const june = { from: '2027-06-01', to: '2027-06-30' };
    expect(await references({ params: june })).toEqual([late.reference, early.reference, gone.reference]);
    expect(await references({ params: { from: '2027-06-01', to: '2027-06-01' } })).toEqual([late.reference]);
    expect(await references({ params: { from: '2027-06-02', to: '2027-06-02' } })).toEqual([
      early.reference,
      gone.reference,
    ]);
    expect(await references({ params: { ...june, customer_id: 'C-1002' }, filter: 'pending' })).toEqual([
      early.reference,
    ]);
    expect(await references({ params: { contact_id: 'Mrs Hart', ...june, status: 'cancelled' } })).toEqual([
      gone.reference,
    ]);
    expect(await references({ params: { ticket_id } })).toEqual([late.reference]);
    expect(await references({ params: { ...june, kind: 'outreach' } })).toEqual([late.reference]);
    expect(await references({ params: june, sort: '-send_at', filter: 'pending' })).toEqual([
      early.reference,
      late.reference,
    ]);
  });

  test('knows what is due: its time has come and nobody has sent it', async () => {
    const { setClock } = panes();
    const { reference } = await plan({ send_at: '2026-11-18T09:00' });
    expect(await references({ filter: 'due' })).not.toContain(reference);
    setClock('2026-11-18T09:00:00-06:00');
    expect(await references({ filter: 'due' })).toContain(reference);
    setClock('2026-11-18T08:00:00-06:00');
  });

  test('tells with each message to whom it goes and which visit it came from', async () => {
    const { read, dana, book } = panes();
    const { reference: ticket_id, scheduled_at } = await book('2026-11-26T09:00');
    const { id } = await plan({ ticket_id });
    const [row] = await read(dana, 'scheduled_messages', {
      id: String(id),
      include: ['customer', 'visit'],
    });
    expect(row).toMatchObject({
      customer: { reference: 'C-1001', full_name: 'Jane Smith', email: 'jane.smith@example.com' },
      visit: { reference: ticket_id },
    });
    expect(new Date(Object(row?.visit).scheduled_at).toISOString()).toBe(scheduled_at);
  });

  test('stands in the outbox only once a message goes out', async () => {
    const { read, dana, done, database } = panes();
    await database.owner.query('delete from jobs');
    const { id: message_id } = await plan();
    expect(await read(dana, 'outbox')).toEqual([]);
    expect(await read(dana, 'outbox', { params: { kind: 'scheduled_message' } })).toHaveLength(1);
    await done(dana, 'message.send_now', { message_id });
    expect(await read(dana, 'outbox')).toMatchObject([{ kind: 'email', state: 'waiting' }]);
    // A timer that could not be worked off is not hidden.
    await database.owner.query(`update jobs set dead_at = now() where kind = 'scheduled_message'`);
    expect(await read(dana, 'outbox', { params: { state: 'dead' } })).toMatchObject([
      { kind: 'scheduled_message' },
    ]);
  });
});

test('a message is found by its words as they are now, with the name of its customer beside it', async () => {
  const { read, done, dana } = panes();
  const { id, reference } = await plan({ subject: 'Awnings', body: 'Shall we wash the marquee?' });
  const found = async (search: string) =>
    (await read(dana, 'search', { search, params: { kinds: ['scheduled_messages'] } })).map(
      row => row.reference,
    );
  const listed = async (search: string) =>
    (await read(dana, 'scheduled_messages', { search })).map(row => row.reference);
  for (const search of ['awnings', 'marquee', String(reference)]) {
    expect(await found(search)).toEqual([reference]);
    expect(await listed(search)).toEqual([reference]);
  }
  await done(dana, 'message.update', { message_id: id, body: 'Shall we wash the pergola?' });
  expect([await found('marquee'), await found('pergola')]).toEqual([[], [reference]]);
  await done(dana, 'message.cancel', { message_id: id });
  expect(await found('pergola')).toEqual([reference]);
});

test('what happens to a message stands in the history of its customer', async () => {
  const { read, done, dana, olivia } = panes();
  const { id: message_id } = await plan({ subject: 'For the history' });
  await done(dana, 'message.cancel', { message_id });
  const history = await read(olivia, 'audit_log', { params: { entity_id: String(message_id) } });
  const [jane] = await read(dana, 'contacts', { id: 'C-1001' });
  expect(history).toMatchObject([
    {
      domain_action: 'message.cancel',
      subject_type: 'contact',
      subject_id: jane?.id,
      actor_name: 'Dana',
      changes: { status: { old: 'pending', new: 'cancelled' } },
    },
    { domain_action: 'message.schedule', changes: { subject: { new: 'For the history' } } },
  ]);
});
