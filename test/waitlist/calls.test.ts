import { expect, test } from 'vitest';
import { z } from 'zod';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Customers whom no mail reaches are called about an earlier time. What they say there is an answer to the offer, and to
// nothing else.

const panes = useBrightPanes();

let customers = 0;
/** Somebody without an e-mail address who has a visit on December 17 and would come sooner. */
async function waiting(more: Record<string, unknown> = {}) {
  const { done, dana } = panes();
  customers += 1;
  const { reference } = await done(dana, 'contact.create', {
    full_name: `Wanda Waits${'abcdefghijklmnop'[customers]}`,
    phone: `25655502${String(customers).padStart(2, '0')}`,
    ...more,
  });
  const contact_id = String(reference);
  const visit = await done(dana, 'ticket.create', {
    contact_id,
    scheduled_at: '2026-12-17T09:00',
    duration_minutes: 60,
  });
  const entry = await done(dana, 'waitlist.create', { contact_id, ticket_id: visit.reference });
  return { contact_id, visit: String(visit.reference), entry: String(entry.reference) };
}

const answer = z.object({ offers: z.array(z.object({ offer: z.string(), customer_told: z.string() })) });
/** Offers an hour of Theo's. */
async function offer(scheduled_at: string, ...to: string[]) {
  const { done, dana } = panes();
  const { offers } = answer.parse(
    await done(dana, 'waitlist.offer', { scheduled_at, technician_id: 'Theo', to }),
  );
  return offers.map(each => ({ reference: each.offer, told: each.customer_told }));
}

const callsOf = (contact_id: string) =>
  panes().read(panes().dana, 'tasks', {
    params: { contact_id },
    fields: ['reference', 'title', 'note', 'status', 'call_kind', 'due_at', 'outcome'],
    sort: 'created_at',
  });
const visitOf = async (id: string) =>
  (await panes().read(panes().dana, 'tickets', { id, fields: ['scheduled_at', 'confirmation_status'] }))[0];
const statusOf = async (type: string, id = '') => (await panes().read(panes().dana, type, { id }))[0]?.status;
const complete = (contact: string, outcome: string, who = panes().dana) =>
  panes().act(who, 'task.complete', { task_id: contact, outcome });

const later = { scheduled_at: '2026-12-17T15:00:00.000Z', confirmation_status: 'not_sent' };

test('an offer to somebody without an address of mail is one call, with the words and the number, and ends with the offer', async () => {
  const { contact_id, entry } = await waiting();
  const [made] = await offer('2026-12-01T09:00', entry);
  const [call, ...others] = await callsOf(contact_id);
  expect(others).toEqual([]);
  expect(call).toMatchObject({
    status: 'open',
    call_kind: 'waitlist_offer',
    title: 'Call Wanda Waitsb: offer Tuesday, December 1 at 9:00 AM, which has become free',
    due_at: '2026-11-18T14:00:00.000Z',
  });
  for (const words of [
    'Call (256) 555-0201 instead.',
    'A time has become free: on Tuesday, December 1 at 9:00 AM',
    'instead of Thursday, December 17 at 9:00 AM',
    'It stands until Thursday, November 19 at 8:00 AM',
  ])
    expect(call?.note).toContain(words);
  expect(made?.told).toContain(`${call?.reference} has the words`);
  const { calls } = await panes().done(panes().agent, 'daily_briefing', {});
  expect(calls).toEqual(expect.arrayContaining([expect.stringContaining(String(call?.reference))]));

  await panes().done(panes().dana, 'waitlist.withdraw', { offer_id: made?.reference });
  expect(await callsOf(contact_id)).toMatchObject([{ status: 'cancelled' }]);
});

test('whoever says yes on the telephone has the earlier time, and has not agreed to the later one', async () => {
  const { contact_id, visit, entry } = await waiting();
  const [made] = await offer('2026-12-01T10:00', entry);
  const [call] = await callsOf(contact_id);
  await complete(String(call?.reference), 'accepted');
  expect(await visitOf(visit)).toEqual(
    expect.objectContaining({ scheduled_at: '2026-12-01T16:00:00.000Z', confirmation_status: 'accepted' }),
  );
  expect(await statusOf('waitlist_offers', made?.reference)).toBe('taken');
  expect(await statusOf('waitlist', entry)).toBe('served');
  const [first] = await callsOf(contact_id);
  expect(first).toMatchObject({ status: 'done', outcome: 'accepted' });
});

test.each(['declined', 'change_asked', 'told'])(
  'whoever is called about an earlier time, with “%s” written down, keeps the later one as it is',
  async outcome => {
    const { contact_id, visit, entry } = await waiting();
    const [made] = await offer('2026-12-01T11:00', entry);
    const [call] = await callsOf(contact_id);
    await complete(String(call?.reference), outcome);
    expect(await visitOf(visit)).toEqual(expect.objectContaining(later));
    expect(await statusOf('waitlist_offers', made?.reference)).toBe(
      outcome === 'told' ? 'open' : 'withdrawn',
    );
    expect(await statusOf('waitlist', entry)).toBe('waiting');
  },
);

test('nobody is told a time is theirs that somebody faster has, and the call stays', async () => {
  const [slow, fast] = [await waiting(), await waiting()];
  await offer('2026-12-01T13:00', slow.entry, fast.entry);
  const [call] = await callsOf(slow.contact_id);
  await panes().book('2026-12-01T13:00', { technician_ids: ['Theo'] });
  expect(await refusal(complete(String(call?.reference), 'accepted'))).toMatchObject({ code: 'CONFLICT' });
  expect(await callsOf(slow.contact_id)).toMatchObject([{ status: 'open' }]);
  expect(await visitOf(slow.visit)).toEqual(expect.objectContaining(later));
});

test('an assistant takes it by the action for it, which the owner may have asked to see, and the call is done', async () => {
  const { contact_id, visit, entry } = await waiting();
  const [made] = await offer('2026-12-02T09:00', entry);
  const [call] = await callsOf(contact_id);
  const refused = await refusal(complete(String(call?.reference), 'accepted', panes().agent));
  expect(refused).toMatchObject({
    code: 'INVALID_STATE',
    hint: expect.stringContaining(`waitlist.accept {offer_id: "${made?.reference}"}`),
  });
  await panes().done(panes().agent, 'waitlist.accept', { offer_id: made?.reference });
  expect(await visitOf(visit)).toMatchObject({ scheduled_at: '2026-12-02T15:00:00.000Z' });
  expect((await callsOf(contact_id))[0]).toMatchObject({ call_kind: 'waitlist_offer', status: 'done' });
});

test('two times that are offered are two calls, and each ends by itself', async () => {
  const { contact_id, entry } = await waiting();
  const [first] = await offer('2026-12-03T09:00', entry);
  const [second] = await offer('2026-12-04T09:00', entry);
  expect((await callsOf(contact_id)).map(({ status }) => status)).toEqual(['open', 'open']);
  await panes().done(panes().dana, 'waitlist.withdraw', { offer_id: second?.reference });
  const calls = await callsOf(contact_id);
  expect(calls.map(({ status }) => status)).toEqual(['open', 'cancelled']);
  expect(calls[0]?.title).toContain('December 3');
  expect(await statusOf('waitlist_offers', first?.reference)).toBe('open');
});

test('an offer whose mail comes back is a call about that offer', async () => {
  const { contact_id, visit, entry } = await waiting({ email: 'wanda@example.com' });
  const [made] = await offer('2026-12-07T09:00', entry);
  expect(await callsOf(contact_id)).toEqual([]);
  const { rows } = await panes().database.owner.query(
    `select id from jobs where kind = 'email' and payload ->> 'to' = 'wanda@example.com'`,
  );
  const system = { via: 'system', organization_id: panes().bright.id, name: 'worker' } as const;
  await panes().done(system, 'message.record_event', {
    queued_as: String(rows[0]?.id),
    delivery: 'bounced',
    occurred_at: '2026-11-18T14:00:00Z',
  });
  const [call] = await callsOf(contact_id);
  expect(call).toMatchObject({ call_kind: 'waitlist_offer', status: 'open' });
  await complete(String(call?.reference), 'accepted');
  expect(await statusOf('waitlist_offers', made?.reference)).toBe('taken');
  expect(await visitOf(visit)).toMatchObject({ scheduled_at: '2026-12-07T15:00:00.000Z' });
});
