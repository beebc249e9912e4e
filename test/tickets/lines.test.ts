import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const windows = 'Interior and Exterior Window Cleaning';

test('windows at $562 and twenty screens at $5 make $662, and the history tells who set which price', async () => {
  const { book, agent, theo, done, read } = panes();
  const visit = await book('2026-11-23T09:00', { lines: [windows], technician_ids: ['Theo'] });
  expect(visit).toMatchObject({ reference: 'T-2001', total_cents: 0, is_price_estimated: true });
  await done(agent, 'ticket.add_line', { ticket_id: 'T-2001', service_id: 'screens', quantity: 20 });
  const priced = await done(theo, 'ticket.update_line', {
    ticket_id: 'T-2001',
    line_id: 'window',
    unit_price_cents: 56_200,
    duration_minutes: 202,
  });
  expect(priced).toMatchObject({
    total_cents: 66_200,
    // The agreed price ends the estimate.
    is_price_estimated: false,
    lines: [
      {
        description: windows,
        pricing: 'flexible',
        quantity: 1,
        unit_price_cents: 56_200,
        duration_minutes: 202,
      },
      {
        description: 'Screen Cleaning',
        pricing: 'per_unit',
        quantity: 20,
        unit_price_cents: 500,
        total_cents: 10_000,
      },
    ],
  });
  const [row] = await read(agent, 'tickets', { id: 'T-2001', include: ['audit_trail'] });
  const trail = Array.isArray(row?.audit_trail) ? row.audit_trail : [];
  const told = trail
    .slice(1, 5)
    .map(({ actor_name, domain_action, entity_type, changes }) => [
      actor_name,
      domain_action,
      entity_type,
      changes,
    ]);
  expect(told).toEqual([
    ['Theo', 'ticket.update_line', 'ticket', { total_cents: { old: 10_000, new: 66_200 } }],
    [
      'Theo',
      'ticket.update_line',
      'ticket_line',
      {
        unit_price_cents: { old: 0, new: 56_200 },
        total_cents: { old: 0, new: 56_200 },
        duration_minutes: { old: 210, new: 202 },
      },
    ],
    ['Office Manager', 'ticket.add_line', 'ticket', { total_cents: { old: 0, new: 10_000 } }],
    [
      'Office Manager',
      'ticket.add_line',
      'ticket_line',
      expect.objectContaining({ quantity: { old: null, new: 20 } }),
    ],
  ]);
});

describe('adding a service', () => {
  test('without a price warns and makes the visit an estimate', async () => {
    const { book, dana, act } = panes();
    const { id, is_price_estimated } = await book('2026-11-24T09:00');
    expect(is_price_estimated).toBe(false);
    const add = (more: Record<string, unknown>) => act(dana, 'ticket.add_line', { ticket_id: id, ...more });
    expect(await add({ service_id: 'Gutter Cleaning' })).toMatchObject({
      warnings: [expect.stringContaining('The services take 1h30m, the visit is booked for 1h')],
      data: { total_cents: 15_000, is_price_estimated: false },
    });
    expect(await add({ service_id: windows })).toMatchObject({
      warnings: [
        'No price is set for this service yet; set unit_price_cents with ticket.update_line.',
        expect.stringContaining('The services take 5h, the visit is booked for 1h'),
      ],
      data: { total_cents: 15_000, is_price_estimated: true },
    });
  });

  test('refuses what is not in the catalog or not sold by the piece, at the right member', async () => {
    const { book, dana, act } = panes();
    const { id } = await book('2026-11-24T11:00');
    const add = (more: Record<string, unknown>) => act(dana, 'ticket.add_line', { ticket_id: id, ...more });
    const unknown = '018f0000-0000-7000-8000-000000000000';
    expect(await refusal(add({ service_id: unknown }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'service_id',
    });
    expect(await refusal(add({ service_id: 'S-1', quantity: 3 }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'quantity',
    });
    expect(await refusal(add({ service_id: 'S-3', quanttity: 3 }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'quanttity',
      did_you_mean: ['quantity'],
    });
    expect(await add({ service_id: 'S-3', quantity: 3 })).toMatchObject({ data: { total_cents: 1500 } });
  });

  test('by two people at once gives two lines and one right sum', async () => {
    const { book, dana, olivia, done, read } = panes();
    const { id } = await book('2026-11-24T13:00');
    await Promise.all(
      [dana, olivia].map(who => done(who, 'ticket.add_line', { ticket_id: id, service_id: 'S-1' })),
    );
    const [visit] = await read(dana, 'tickets', { id: String(id), include: ['line_items'] });
    expect(visit).toMatchObject({ total_cents: 30_000, line_items: [{ position: 1 }, { position: 2 }] });
  });
});

describe('changing a line', () => {
  test('takes its number, its id or its words, and says which lines there are when none fits', async () => {
    const { book, dana, done, act } = panes();
    const visit = await book('2026-11-25T09:00', {
      lines: ['S-1', { service_id: 'S-3', quantity: 2 }, 'S-3'],
    });
    const { id, lines } = visit;
    const [gutters] = Array.isArray(lines) ? lines : [];
    const change = (line_id: string, more: Record<string, unknown>) =>
      done(dana, 'ticket.update_line', { ticket_id: id, line_id, ...more });
    expect(await change('2', { quantity: 4 })).toMatchObject({ total_cents: 15_000 + 2000 + 500 });
    expect(await change(gutters.id, { unit_price_cents: 14_000 })).toMatchObject({ total_cents: 16_500 });
    expect(await change('gutter', { description: 'Gutters, front only' })).toMatchObject({
      lines: [{ description: 'Gutters, front only' }, {}, {}],
    });
    const unclear = { ticket_id: id, line_id: 'screen', quantity: 1 };
    expect(await refusal(act(dana, 'ticket.update_line', unclear))).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no line of this visit «screen» here.',
      field: 'line_id',
      got: 'screen',
      valid_options: ['1: «Gutters, front only»', '2: «Screen Cleaning»', '3: «Screen Cleaning»'],
      hint: 'Use the number or the id of the line.',
    });
  });

  test('refuses a quantity of what is not sold by the piece, and a change of nothing', async () => {
    const { book, dana, act } = panes();
    const { id } = await book('2026-11-25T11:00', { lines: ['S-1', 'S-3'] });
    const change = (line_id: string, more: Record<string, unknown>) =>
      act(dana, 'ticket.update_line', { ticket_id: id, line_id, ...more });
    expect(await refusal(change('1', { quantity: 3 }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'quantity',
      message: '«Gutter Cleaning» is not priced per unit.',
    });
    expect(await refusal(change('1', {}))).toMatchObject({
      message: 'Nothing to change was given.',
      valid_options: ['quantity', 'unit_price_cents', 'duration_minutes', 'description'],
    });
    expect(await refusal(change('1', { price: -1 }))).toMatchObject({ field: 'unit_price_cents', got: '-1' });
    expect(await change('2', { quantity: 3 })).toMatchObject({ data: { total_cents: 16_500 } });
  });

  test('does not reach a line of another visit', async () => {
    const { book, dana, act } = panes();
    const one = await book('2026-11-26T09:00', { lines: ['S-1'] });
    const other = await book('2026-11-26T09:00', { lines: ['S-1'] });
    const [line] = Array.isArray(one.lines) ? one.lines : [];
    const change = (ticket: unknown) =>
      act(dana, 'ticket.update_line', { ticket_id: ticket, line_id: line.id, unit_price_cents: 1 });
    expect(await refusal(change(other.id))).toMatchObject({ code: 'NOT_FOUND', field: 'line_id' });
    expect(await change(one.id)).toMatchObject({ data: { total_cents: 1 } });
  });
});

test('a line that is taken off no longer counts, and is not taken off twice', async () => {
  const { book, dana, done, act } = panes();
  const { id } = await book('2026-11-27T09:00', { lines: ['S-1', 'S-3'] });
  const remove = { ticket_id: id, line_id: 'gutter' };
  expect(await done(dana, 'ticket.remove_line', remove)).toMatchObject({
    total_cents: 500,
    lines: [{ position: 2, description: 'Screen Cleaning' }],
  });
  expect(await refusal(act(dana, 'ticket.remove_line', remove))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await done(dana, 'ticket.add_line', { ticket_id: id, service_id: 'S-1' })).toMatchObject({
    total_cents: 15_500,
    lines: [{ position: 2 }, { position: 3 }],
  });
});

test('a technician prices the visits they are on and no others', async () => {
  const { book, theo, tess, done, act } = panes();
  const { id } = await book('2026-11-30T09:00', { lines: ['S-1'], technician_ids: ['Theo'] });
  const calls: [string, Record<string, unknown>][] = [
    ['ticket.add_line', { ticket_id: id, service_id: 'S-3' }],
    ['ticket.update_line', { ticket_id: id, line_id: '1', unit_price_cents: 100 }],
    ['ticket.remove_line', { ticket_id: id, line_id: '1' }],
  ];
  for (const [action, data] of calls) {
    expect(await refusal(act(tess, action, data))).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
    expect(await done(theo, action, data)).toMatchObject({ id });
  }
});
