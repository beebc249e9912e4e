import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { useCloseOuts } from './desk.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const reachOut = { next_service: 'reach_out', reach_out_months: 6 };
const notes = 'Dog named Biscuit.';

describe('what is completed is what was reviewed (CLO-07, CLO-08)', () => {
  test('nothing is frozen that nobody has looked at', async () => {
    const ticket = await desk.visit();
    await desk.toReview(ticket);
    expect(await desk.leavesNothing(() => desk.refused('complete', ticket))).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'Look at everything before it is frozen.',
      field: 'review',
      hint: 'Hand back "review" of the answer that shows it.',
    });
  });

  const changes: [string, string, Record<string, unknown>][] = [
    ['the duration', 'confirm_work', { duration_minutes: 80 }],
    ['a price', 'confirm_work', { duration_minutes: 75, lines: [{ line_id: '1', unit_price_cents: 1 }] }],
    ['the notes', 'set_notes', { notes: 'Cat named Biscuit.' }],
    ['what follows', 'set_next_service', { next_service: 'no' }],
    ['when the mail goes', 'set_next_service', { ...reachOut, reach_out_months: 7 }],
  ];

  test.each(changes)(
    '%s was changed since, on another screen: it is reviewed anew',
    async (_, step, data) => {
      const ticket = await desk.visit();
      const { review } = await desk.toReview(ticket, { notes, next: reachOut });
      const now = await desk.step(step, ticket, data);
      expect(await desk.leavesNothing(() => desk.refused('complete', ticket, { review }))).toEqual({
        code: 'CONFLICT',
        message: 'This is not what you reviewed: something was changed since.',
        field: 'review',
        hint: 'Look at the review again and complete it then.',
      });
      expect(now.review).not.toBe(review);
      expect(await desk.step('complete', ticket, { review: now.review })).toMatchObject({ step: 'payment' });
    },
  );

  test('the review of another visit is none', async () => {
    const one = await desk.visit();
    const other = await desk.visit();
    const { review } = await desk.toReview(one);
    await desk.toReview(other, { work: { duration_minutes: 76 } });
    expect(await desk.refused('complete', other, { review })).toMatchObject({ code: 'CONFLICT' });
    expect(await desk.refused('complete', other, { review: 'x' })).toMatchObject({ code: 'CONFLICT' });
    expect(await desk.step('complete', one, { review })).toMatchObject({ ticket_status: 'closed' });
  });

  test('a preview tells all of it and leaves nothing', async () => {
    const { act, theo } = panes();
    const contact_id = await desk.customer({ lifecycle_stage: 'prospect' });
    const ticket_id = await desk.visit({ contact_id });
    const { review } = await desk.toReview(ticket_id, { notes, next: reachOut });
    const before = await desk.effects(ticket_id);
    const { data } = await act(theo, 'closeout.complete', { ticket_id, review }, { preview: true });
    const changed = Array.isArray(data.would_change)
      ? data.would_change.map(change => change.entity_type)
      : [];
    expect(changed).toEqual(
      expect.arrayContaining([
        'ticket',
        'note',
        'attribute',
        'contact',
        'scheduled_message',
        'closeout_session',
      ]),
    );
    expect(await desk.effects(ticket_id)).toEqual(before);
  });
});

describe('a visit that is over already', () => {
  test('is completed by the same person a second time: told so, and nothing happens', async () => {
    const ticket = await desk.visit();
    const { review } = await desk.toReview(ticket, { notes });
    await desk.step('complete', ticket, { review });
    for (const [step, data] of [
      ['complete', { review }],
      ['start', {}],
      ['confirm_work', { duration_minutes: 1 }],
      ['set_notes', { notes: 'x' }],
      ['set_next_service', { next_service: 'no' }],
      ['review', { attributes: [] }],
      ['look_again', {}],
    ] as const) {
      expect(await desk.leavesNothing(() => desk.refused(step, ticket, data))).toEqual({
        code: 'TICKET_CLOSED',
        message: `${ticket} is closed; nothing on it can change any more.`,
        hint: 'To charge another amount, invoice.create makes a bill of your own lines; or write a note with note.create, or book a new visit.',
      });
    }
    expect(await desk.shown(ticket)).toMatchObject({ step: 'payment', notes, ended: null });
  });

  const endings: [string, string, Record<string, unknown>, string, string][] = [
    [
      'closed by the office',
      'ticket.close',
      { duration_minutes: 60, notes: '', next_service: 'no' },
      'TICKET_CLOSED',
      'Closed by Dana on Wed 2026-11-18 08:00 -06:00',
    ],
    ['cancelled', 'ticket.cancel', {}, 'INVALID_STATE', 'Cancelled on Wed 2026-11-18 08:00 -06:00'],
  ];

  test.each(endings)(
    'meanwhile was %s: nothing that was typed is lost',
    async (_, action, data, code, ended) => {
      const { done, dana } = panes();
      const ticket = await desk.visit();
      const { review } = await desk.toReview(ticket, { notes, next: reachOut });
      const typed = await desk.shown(ticket);
      await done(dana, action, { ticket_id: ticket, ...data });
      const before = await desk.effects(ticket);
      expect(await desk.leavesNothing(() => desk.refused('complete', ticket, { review }))).toMatchObject({
        code,
      });
      expect(await desk.effects(ticket)).toEqual(before);
      const { work, notes: kept, next_service, attributes } = await desk.shown(ticket);
      expect({ work, kept, next_service, attributes }).toEqual({
        work: typed.work,
        kept: notes,
        next_service: 'reach_out',
        attributes: typed.attributes,
      });
      expect(await desk.shown(ticket)).toMatchObject({ ended, completed_at: null });
      // What was seen can still be written down.
      expect(await done(panes().theo, 'note.create', { ticket_id: ticket, content: notes })).toMatchObject({
        content: notes,
      });
    },
  );
});

describe('pressed twice', () => {
  test('with the same key it is one visit, one note, one message, and the same answer', async () => {
    const { act, theo } = panes();
    const ticket_id = await desk.visit({ contact_id: await desk.customer() });
    const { review } = await desk.toReview(ticket_id, { notes, next: reachOut });
    const press = () =>
      act(theo, 'closeout.complete', { ticket_id, review }, { idempotency_key: `complete ${ticket_id}` });
    const [first, second] = await Promise.all([press(), press()]);
    expect(second?.data).toEqual(first?.data);
    expect([first?.replayed, second?.replayed].sort()).toEqual([false, true]);
    expect(await press()).toMatchObject({ replayed: true, data: first?.data });
    expect(await desk.effects(ticket_id)).toMatchObject({
      status: 'closed',
      notes: 1,
      facts: 1,
      messages: 1,
    });
  });

  test('with two keys, or none, one of them completes it and the other is told that it is closed', async () => {
    const { act, theo } = panes();
    for (const keys of [
      [{ idempotency_key: 'one' }, { idempotency_key: 'two' }],
      [{}, {}, {}, {}],
    ]) {
      const ticket_id = await desk.visit();
      const { review } = await desk.toReview(ticket_id, { notes, next: reachOut });
      const { won, refused } = await race(
        keys.map(key => act(theo, 'closeout.complete', { ticket_id, review }, key)),
      );
      expect(won).toHaveLength(1);
      expect(refused).toEqual(Array(keys.length - 1).fill('TICKET_CLOSED'));
      expect(await desk.effects(ticket_id)).toMatchObject({ status: 'closed', notes: 1, messages: 1 });
    }
  });

  test('the same key with another review is another call', async () => {
    const { act, theo } = panes();
    const ticket_id = await desk.visit();
    const { review } = await desk.toReview(ticket_id);
    const key = { idempotency_key: `once ${ticket_id}` };
    await act(theo, 'closeout.complete', { ticket_id, review }, key);
    const other = act(theo, 'closeout.complete', { ticket_id, review: 'other' }, key);
    expect(await refusal(other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
  });
});

test('of two technicians who complete the same visit at once one closes it, and the other keeps what they typed', async () => {
  const { act, theo, tess, read, dana } = panes();
  const ticket_id = await desk.visit({ technician_ids: ['Theo', 'Tess'], contact_id: await desk.customer() });
  const next = { next_service: 'yes', appointment: { scheduled_at: '2027-03-01T09:00' } };
  const reviews = new Map([
    [theo, await desk.toReview(ticket_id, { who: theo, notes: 'Theo saw a dog.', next })],
    [tess, await desk.toReview(ticket_id, { who: tess, notes: 'Tess saw a cat.', next: reachOut })],
  ]);
  const { won, refused } = await race(
    [...reviews].map(([who, { review }]) => act(who, 'closeout.complete', { ticket_id, review })),
  );
  expect(refused).toEqual(['TICKET_CLOSED']);
  const winner = won[0]?.data.notes;
  expect(['Theo saw a dog.', 'Tess saw a cat.']).toContain(winner);

  const isTheo = winner === 'Theo saw a dog.';
  expect(await desk.effects(ticket_id)).toEqual({
    status: 'closed',
    notes: 1,
    facts: 1,
    messages: isTheo ? 0 : 1,
    visits: isTheo ? 2 : 1,
  });
  expect(await read(dana, 'notes', { params: { ticket_id } })).toMatchObject([{ content: winner }]);
  const loser = isTheo ? tess : theo;
  expect(await desk.shown(ticket_id, loser)).toMatchObject({
    notes: isTheo ? 'Tess saw a cat.' : 'Theo saw a dog.',
    next_service: isTheo ? 'reach_out' : 'yes',
    completed_at: null,
    ended: expect.stringMatching(isTheo ? /^Closed by Theo / : /^Closed by Tess /),
  });
});

test('whoever had a visit is a customer, and the history carries the name of who closed it (CFL-08, TKT-13)', async () => {
  const { read, olivia } = panes();
  const contact = await desk.customer({ lifecycle_stage: 'prospect' });
  const ticket = await desk.visit({ contact_id: contact });
  const stage = async () => (await read(olivia, 'contacts', { id: contact }))[0]?.lifecycle_stage;
  expect(await stage()).toBe('prospect');
  const { review } = await desk.toReview(ticket, { notes });
  await desk.step('complete', ticket, { review });
  expect(await stage()).toBe('customer');
  const [row] = await read(olivia, 'tickets', { id: ticket, include: ['audit_trail'] });
  expect(row?.audit_trail).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        domain_action: 'closeout.complete',
        actor_name: 'Theo',
        changes: expect.objectContaining({ status: { old: 'scheduled', new: 'closed' } }),
      }),
    ]),
  );
});
