import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useCloseOuts } from './desk.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const confirm = (ticket: string, data: Record<string, unknown>) =>
  desk.step('confirm_work', ticket, { duration_minutes: 75, ...data });
const refused = (ticket: string, data: Record<string, unknown>) =>
  desk.refused('confirm_work', ticket, { duration_minutes: 75, ...data });
/** The lines of a close-out in short. */
const linesOf = async (ticket: string) => {
  const { work } = await desk.shown(ticket);
  return work.lines.map(line => [line.description, line.quantity, line.unit_price_cents]);
};

describe('the work as it was done (CLO-04)', () => {
  test('may differ from what was booked: a line changed, one not done, one done besides', async () => {
    const ticket = await desk.visit({ lines: ['S-1', { service_id: 'S-3', quantity: 4 }] });
    const worked = await confirm(ticket, {
      lines: [
        { line_id: 'gutter', is_done: false },
        { line_id: '2', quantity: 12, description: 'Screens, front and back' },
        { service_id: 'S-2', unit_price_cents: 30_000 },
      ],
    });
    expect(worked.work).toMatchObject({ total_cents: 36_000, duration_minutes: 75, is_outdated: false });
    const lines = [
      ['Screens, front and back', 12, 500],
      ['Interior and Exterior Window Cleaning', 1, 30_000],
    ];
    expect(await linesOf(ticket)).toEqual(lines);
    const { review } = await desk.toReview(ticket, {
      work: {
        lines: [
          { line_id: '1', is_done: false },
          { line_id: '2', quantity: 12, description: 'Screens, front and back' },
          { service_id: 'S-2', unit_price_cents: 30_000 },
        ],
      },
    });
    await desk.step('complete', ticket, { review });
    const [closed] = await panes().read(panes().dana, 'tickets', { id: ticket, include: ['line_items'] });
    expect(closed).toMatchObject({
      total_cents: 36_000,
      line_items: lines.map(([description, quantity, unit_price_cents]) => ({
        description,
        quantity,
        unit_price_cents,
      })),
    });
  });

  test.each([
    [{ duration_minutes: 0 }, { field: 'duration_minutes', did_you_mean: ['1'] }],
    [{ duration_minutes: 1441 }, { field: 'duration_minutes', did_you_mean: ['1440'] }],
    [{ duration_minutes: 7.5 }, { field: 'duration_minutes' }],
    [{ lines: [{}] }, { field: 'lines.0' }],
    [{ lines: [{ line_id: '1', service_id: 'S-3' }] }, { field: 'lines.0' }],
    [{ lines: [{ line_id: '1' }, { line_id: 'gutter' }] }, { field: 'lines.1.line_id' }],
    [{ lines: [{ line_id: '1', unit_price_cents: -1 }] }, { field: 'lines.0.unit_price_cents' }],
    [{ lines: [{ line_id: '1', quantity: 2 }] }, { field: 'lines.0.quantity' }],
    [{ lines: [{ line_id: '1' }, { service_id: 'S-1', quantity: 2 }] }, { field: 'lines.1.quantity' }],
    [{ lines: [{ service_id: 'S-3', is_done: false }] }, { field: 'lines.0.is_done' }],
    [{ lines: [{ service_id: 'S-2' }] }, { field: 'lines.0.unit_price_cents' }],
    [{ seen: 'x'.repeat(65) }, { field: 'seen' }],
  ])('is not taken when it cannot be: %j', async (data, told) => {
    const ticket = await desk.visit();
    await desk.toReview(ticket, { notes: 'Has a cat.' });
    const before = await desk.shown(ticket);
    expect(await desk.leavesNothing(() => refused(ticket, data))).toMatchObject({
      code: 'VALIDATION_ERROR',
      ...told,
    });
    expect(await desk.shown(ticket)).toEqual(before);
  });

  test('names the lines there are for one that is not, and takes an id in any letters', async () => {
    const ticket = await desk.visit();
    expect(await refused(ticket, { lines: [{ line_id: '7' }] })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'lines.0.line_id',
      valid_options: ['1: «Gutter Cleaning»'],
    });
    expect(await refused(ticket, { lines: [{ service_id: 'S-99' }] })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'lines.0.service_id',
    });
    const [line] = (await desk.shown(ticket)).work.lines;
    const lines = [{ line_id: line?.line_id?.toUpperCase(), unit_price_cents: 16_000 }];
    expect((await confirm(ticket, { lines })).work).toMatchObject({ total_cents: 16_000 });
  });
});

describe('an estimated price cannot be passed over (TKT-09)', () => {
  const estimate = () => desk.visit({ lines: [{ service_id: 'S-2' }, { service_id: 'S-3', quantity: 20 }] });
  const hint =
    'Give price_confirmed: true, and in lines the final unit_price_cents of each of these, also where it stays.';

  test('neither by leaving the price out nor by leaving out that it is confirmed', async () => {
    const ticket = await estimate();
    const expected = {
      code: 'VALIDATION_ERROR',
      message: `The price of ${ticket} is an estimate: it must be confirmed before the visit is closed.`,
      valid_options: ['1: «Interior and Exterior Window Cleaning» $0.00'],
      hint,
    };
    expect(await refused(ticket, {})).toEqual({ ...expected, field: 'price_confirmed' });
    expect(await refused(ticket, { price_confirmed: false })).toEqual({
      ...expected,
      field: 'price_confirmed',
    });
    expect(await refused(ticket, { price_confirmed: true })).toEqual({ ...expected, field: 'lines' });
    const { valid_options: _, ...withoutOptions } = expected;
    const lines = [{ line_id: '1', unit_price_cents: 56_200 }];
    expect(await refused(ticket, { lines })).toEqual({ ...withoutOptions, field: 'price_confirmed' });
    expect(await desk.shown(ticket)).toMatchObject({ step: 'work' });
    expect((await confirm(ticket, { lines, price_confirmed: true })).work).toMatchObject({
      total_cents: 66_200,
    });
  });

  test('what was not done needs no price, and a price of nothing is a price', async () => {
    const notDone = await estimate();
    const nothing = [{ line_id: '1', is_done: false }];
    expect(await confirm(notDone, { lines: nothing, price_confirmed: true })).toMatchObject({
      work: { total_cents: 10_000 },
    });
    const free = await estimate();
    const forFree = [{ line_id: '1', unit_price_cents: 0 }];
    expect(await confirm(free, { lines: forFree, price_confirmed: true })).toMatchObject({
      work: { total_cents: 10_000 },
    });
  });

  test('also when the office makes it an estimate after the work was confirmed', async () => {
    const { done, dana } = panes();
    const ticket = await desk.visit();
    const { review } = await desk.toReview(ticket);
    await done(dana, 'ticket.update', { ticket_id: ticket, is_price_estimated: true });
    expect(await desk.refused('complete', ticket, { review })).toMatchObject({
      code: 'CONFLICT',
      step: 'work',
    });
    expect(await refused(ticket, {})).toMatchObject({ field: 'price_confirmed' });
    expect(await confirm(ticket, { price_confirmed: true })).toMatchObject({ step: 'review' });
  });
});

describe('what the office changes between confirming and completing', () => {
  const changes: [string, Record<string, unknown>, string][] = [
    ['ticket.add_line', { service_id: 'S-3', quantity: 2 }, 'a service more'],
    ['ticket.remove_line', { line_id: '2' }, 'a service less'],
    ['ticket.update_line', { line_id: '1', unit_price_cents: 17_000 }, 'another price'],
    ['ticket.update_line', { line_id: '2', quantity: 5 }, 'another quantity'],
    ['ticket.update_line', { line_id: '1', description: 'Gutters, east' }, 'another wording'],
    ['ticket.update_line', { line_id: '1', duration_minutes: 25 }, 'another time for a service'],
  ];

  test.each(changes)('%s %j: %s must be confirmed, and everything else is kept', async (action, data) => {
    const { done, dana } = panes();
    const ticket = await desk.visit({ lines: ['S-1', { service_id: 'S-3', quantity: 4 }] });
    const next = { next_service: 'reach_out', reach_out_months: 3 };
    const { review } = await desk.toReview(ticket, { notes: 'Has a cat.', next });
    await done(dana, action, { ticket_id: ticket, ...data });

    expect(await desk.leavesNothing(() => desk.refused('complete', ticket, { review }))).toEqual({
      code: 'CONFLICT',
      message: `The services of ${ticket} were changed since you confirmed them.`,
      step: 'work',
      hint: 'Look at duration, services and prices again; everything else you wrote is kept.',
    });
    const kept = await desk.shown(ticket);
    expect(kept).toMatchObject({
      step: 'work',
      notes: 'Has a cat.',
      next_service: 'reach_out',
      reach_out_months: 3,
      review: null,
      work: { is_outdated: true, duration_minutes: 75 },
    });
    // What is shown is what the visit has now.
    const [now] = await panes().read(dana, 'tickets', { id: ticket, fields: ['total_cents'] });
    expect(kept.work).toMatchObject({ total_cents: now?.total_cents });

    const again = await confirm(ticket, { seen: kept.work.seen });
    expect(again).toMatchObject({ step: 'review', work: { is_outdated: false } });
    expect((await desk.step('complete', ticket, { review: again.review })).ticket_status).toBe('closed');
    expect((await desk.effects(ticket)).messages).toBe(1);
  });

  test('while the first step is looked at is noticed when it is confirmed', async () => {
    const { done, dana } = panes();
    const ticket = await desk.visit();
    const { seen } = (await desk.shown(ticket)).work;
    await done(dana, 'ticket.update_line', { ticket_id: ticket, line_id: '1', unit_price_cents: 17_000 });
    expect(await refused(ticket, { seen })).toEqual({
      code: 'CONFLICT',
      message: `The services of ${ticket} were changed while you looked at them.`,
      field: 'seen',
      hint: 'Look at the services again and confirm them as they are now.',
    });
    const now = await desk.shown(ticket);
    expect((await confirm(ticket, { seen: now.work.seen })).step).toBe('notes');
  });

  test('besides services and prices disturbs nobody: time, address, notes and who goes', async () => {
    const { done, dana } = panes();
    const ticket_id = await desk.visit();
    const { review } = await desk.toReview(ticket_id);
    await done(dana, 'ticket.update', { ticket_id, notes: 'Ring twice', clear: ['address_id'] });
    await done(dana, 'ticket.assign_technician', { ticket_id, technician_id: 'Tess' });
    await done(dana, 'ticket.reschedule', { ticket_id, duration_minutes: 120 });
    expect(await desk.step('complete', ticket_id, { review })).toMatchObject({ ticket_status: 'closed' });
  });
});
