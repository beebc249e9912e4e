import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useCloseOuts } from './desk.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);

/** Each step with what it confirms, and the step that is due after it (CLO-04…09). */
const steps = [
  { step: 'confirm_work', data: { duration_minutes: 75 }, due: 'notes' },
  { step: 'set_notes', data: { notes: 'Has a cat.' }, due: 'next' },
  { step: 'set_next_service', data: { next_service: 'no' }, due: 'review' },
  { step: 'review', data: { attributes: [] }, due: 'review' },
  { step: 'look_again', data: {}, due: 'review' },
] as const;

/** What a refusal says while a step is due. */
const comesFirst = {
  work: 'Confirming duration, services and prices comes first.',
  notes: 'Writing the notes (or saying that there are none) comes first.',
  next: 'Saying what follows comes first.',
};
const verbs = { work: 'confirm_work', notes: 'set_notes', next: 'set_next_service' };

describe('no step is done before its turn (CLO-11)', () => {
  const tooEarly = [
    { due: 'work', tried: ['set_notes', 'set_next_service', 'review', 'look_again', 'complete'] },
    { due: 'notes', tried: ['set_next_service', 'review', 'look_again', 'complete'] },
    { due: 'next', tried: ['review', 'look_again', 'complete'] },
  ] as const;

  test.each(tooEarly.flatMap(({ due, tried }) => tried.map(step => ({ due, step }))))(
    'while $due is due, $step is refused and leaves nothing',
    async ({ due, step }) => {
      const ticket = await desk.visit();
      await desk.step('start', ticket);
      for (const { step: before, data } of steps) {
        if ((await desk.shown(ticket)).step === due) break;
        await desk.step(before, ticket, data);
      }
      const data = steps.find(candidate => candidate.step === step)?.data ?? { review: 'x' };
      expect(await desk.leavesNothing(() => desk.refused(step, ticket, data))).toEqual({
        code: 'INVALID_STATE',
        message: comesFirst[due],
        step: due,
        hint: `Do closeout.${verbs[due]} before this.`,
      });
      expect(await desk.shown(ticket)).toMatchObject({ step: due, review: null });
    },
  );

  test('and before the visit is completed nobody says how it is paid', async () => {
    const ticket = await desk.visit();
    const skip = { payment_choice: 'skip', reason: 'Paid in cash' };
    const refused = { code: 'INVALID_STATE', message: 'You have not closed out this visit.' };
    expect(await desk.refused('payment_choice', ticket, skip)).toMatchObject(refused);
    const { review } = await desk.toReview(ticket);
    expect(await desk.refused('payment_choice', ticket, skip)).toMatchObject(refused);
    await desk.step('complete', ticket, { review });
    expect(await desk.step('payment_choice', ticket, skip)).toMatchObject({ step: 'done' });
  });
});

describe('in their order', () => {
  test('every step says which one is due then, and none of them touches the visit before the last', async () => {
    const ticket = await desk.visit();
    const before = await desk.effects(ticket);
    expect(await desk.shown(ticket)).toMatchObject({ step: 'work', started_at: null });
    expect(await desk.step('start', ticket)).toMatchObject({ step: 'work', started_at: expect.any(String) });
    for (const { step, data, due } of steps) {
      expect(await desk.step(step, ticket, data)).toMatchObject({ step: due, ticket_status: 'scheduled' });
      expect(await desk.effects(ticket)).toEqual(before);
    }
    const { review } = await desk.shown(ticket);
    expect(await desk.step('complete', ticket, { review })).toMatchObject({
      step: 'payment',
      ticket_status: 'closed',
      review: null,
      ended: null,
    });
    expect(await desk.effects(ticket)).toEqual({ ...before, status: 'closed', notes: before.notes + 1 });
  });

  test('a close-out that was begun is gone on with, however often it is begun', async () => {
    const ticket = await desk.visit();
    const begun = await desk.step('start', ticket);
    await desk.step('confirm_work', ticket, { duration_minutes: 75 });
    expect(await desk.step('start', ticket)).toMatchObject({
      started_at: begun.started_at,
      step: 'notes',
      work: { duration_minutes: 75 },
    });
    const { act, theo, database } = panes();
    const other = await desk.visit();
    await Promise.all([1, 2, 3].map(() => act(theo, 'closeout.start', { ticket_id: other })));
    const { rows } = await database.owner.query(
      'select 1 from closeout_sessions where ticket_id = (select id from tickets where reference = $1)',
      [other],
    );
    expect(rows).toHaveLength(1);
  });

  test('a step is done once more, and what came after it stays', async () => {
    const ticket = await desk.visit();
    const first = await desk.toReview(ticket, { notes: 'Has a cat.' });
    const again = await desk.step('confirm_work', ticket, { duration_minutes: 90 });
    expect(again).toMatchObject({
      step: 'review',
      work: { duration_minutes: 90 },
      notes: 'Has a cat.',
      next_service: 'no',
    });
    expect(again.review).not.toBe(first.review);
    await desk.step('complete', ticket, { review: again.review });
    expect(await desk.shown(ticket)).toMatchObject({
      ticket_status: 'closed',
      work: { duration_minutes: 90 },
    });
  });

  test('nothing to say is said too: the notes may be empty, and were seen (CLO-05, CLO-11)', async () => {
    const ticket = await desk.visit();
    const { review, extraction_status, attributes } = await desk.toReview(ticket, { notes: '' });
    expect({ extraction_status, attributes }).toEqual({ extraction_status: 'none', attributes: [] });
    expect(await desk.refused('look_again', ticket)).toMatchObject({
      code: 'INVALID_STATE',
      message: 'There are no notes to be read.',
    });
    expect(await desk.step('complete', ticket, { review })).toMatchObject({ note_id: null });
    expect(await desk.effects(ticket)).toMatchObject({ status: 'closed', notes: 0 });
  });
});

describe('what the first step proposes', () => {
  test('is the planned time as long as nobody has clocked in', async () => {
    const ticket = await desk.visit({ duration_minutes: 90 });
    expect((await desk.shown(ticket)).work).toMatchObject({
      duration_minutes: 90,
      duration_from: 'plan',
      clocked: [],
    });
  });

  test('is the time from the first in to the last out of all who were there (GAP-04)', async () => {
    const { done, theo, tess, setClock } = panes();
    const ticket_id = await desk.visit({ technician_ids: ['Theo', 'Tess'] });
    setClock(`${desk.day}T12:30:00-06:00`);
    await done(theo, 'ticket.clock_in', { ticket_id, at: `${desk.day}T09:04` });
    await done(tess, 'ticket.clock_in', { ticket_id, at: `${desk.day}T09:30` });
    await done(theo, 'ticket.clock_out', { ticket_id, at: `${desk.day}T11:00` });
    await done(tess, 'ticket.clock_out', { ticket_id, at: `${desk.day}T12:26` });
    const clocked = await desk.shown(ticket_id);
    expect(clocked.work).toMatchObject({ duration_minutes: 202, duration_from: 'clock' });
    expect(clocked.work).toHaveProperty('clocked', [
      { technician: 'Theo', from: expect.stringContaining('09:04'), to: expect.stringContaining('11:00') },
      { technician: 'Tess', from: expect.stringContaining('09:30'), to: expect.stringContaining('12:26') },
    ]);
  });

  test('grows as long as a clock still runs, which is stopped when the visit is completed', async () => {
    const { done, theo, dana, read, setClock } = panes();
    const ticket_id = await desk.visit();
    setClock(`${desk.day}T09:00:00-06:00`);
    await done(theo, 'ticket.clock_in', { ticket_id });
    setClock(`${desk.day}T09:40:00-06:00`);
    expect((await desk.shown(ticket_id)).work).toMatchObject({
      duration_minutes: 40,
      duration_from: 'clock',
    });
    setClock(`${desk.day}T10:10:00-06:00`);
    const { review } = await desk.toReview(ticket_id, { work: { duration_minutes: 65 } });
    await desk.step('complete', ticket_id, { review });
    const [ticket] = await read(dana, 'tickets', {
      id: ticket_id,
      include: ['time_entries'],
      fields: ['actual_minutes'],
    });
    expect(ticket).toMatchObject({
      actual_minutes: 65,
      time_entries: [{ clocked_out_at: new Date(`${desk.day}T10:10:00-06:00`).toISOString() }],
    });
    // Theo can begin elsewhere.
    const next = await desk.visit();
    expect(await done(theo, 'ticket.clock_in', { ticket_id: next })).toMatchObject({ clocked_out_at: null });
    await done(theo, 'ticket.clock_out', { ticket_id: next });
  });
});
