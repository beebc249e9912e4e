import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const ticket = async (id: unknown) => (await panes().read(panes().dana, 'tickets', { id: String(id) }))[0];
const windows = 'Interior and Exterior Window Cleaning';

test('a price that was agreed on is no estimate any more, once every line has one', async () => {
  const { act, book, dana } = panes();
  const visit = await book('2026-11-23T09:00', {
    lines: [windows, { service_id: windows, description: 'Shed' }],
  });
  expect(visit.is_price_estimated).toBe(true);
  const price = (line_id: string) =>
    act(dana, 'ticket.update_line', { ticket_id: visit.id, line_id, unit_price_cents: 30_000 });
  const first = await price('1');
  expect(first.data.is_price_estimated).toBe(true);
  expect(first.warnings).toEqual([
    'The price of the visit stays an estimate until these lines have one: 2 «Shed».',
  ]);
  const second = await price('2');
  expect(second.data).toMatchObject({ is_price_estimated: false, total_cents: 60_000 });
  expect(second.warnings).toEqual([
    'The price counts as agreed now; if it is still an estimate, say so with ticket.update.',
  ]);
});

test('a new catalog price names the open visits that keep the old one, and each gets it on request', async () => {
  const { act, book, dana, done } = panes();
  const lines = ['Gutter Cleaning'];
  const first = await book('2026-11-24T09:00', { lines });
  const second = await book('2026-11-25T09:00', { lines });
  const agreed = await book('2026-11-26T09:00', {
    lines: [{ service_id: 'Gutter Cleaning', unit_price_cents: 12_000 }],
  });
  const gone = await book('2026-11-27T09:00', { lines });
  await done(dana, 'ticket.cancel', { ticket_id: gone.id });
  const raised = await act(dana, 'service.update', { service_id: 'Gutter Cleaning', price_cents: 17_500 });
  expect(raised.warnings).toEqual([
    `2 open visits keep $150.00: ${first.reference}, ${second.reference}. service.update with reprice_open_visits gives them the new price, ticket.update_line with unit_price_cents one of them.`,
  ]);
  expect(await ticket(first.id)).toMatchObject({ total_cents: 15_000 });
  await done(dana, 'ticket.update_line', { ticket_id: first.id, line_id: '1', unit_price_cents: 17_500 });
  expect(await ticket(first.id)).toMatchObject({ total_cents: 17_500 });
  expect(await ticket(agreed.id)).toMatchObject({ total_cents: 12_000 });
  const quiet = await act(dana, 'service.update', { service_id: 'S-1', description: 'Front and back' });
  expect(quiet.warnings).toEqual([]);
});

test('what is counted takes its time for each: eighteen screens are not half an hour', async () => {
  const { act, done, dana, book } = panes();
  await done(dana, 'service.update', { service_id: 'Screen Cleaning', minutes_per_unit: 4 });
  const screens = (quantity: number) => ({
    lines: [{ service_id: 'Screen Cleaning', quantity }],
    duration_minutes: undefined,
  });
  expect(await book('2026-12-01T09:00', screens(18))).toMatchObject({ duration_minutes: 72 });
  // Its usual duration is the least it takes.
  expect(await book('2026-12-01T12:00', screens(2))).toMatchObject({ duration_minutes: 30 });
  const { data } = await act(dana, 'schedule_appointment', {
    contact_id: 'C-1002',
    scheduled_at: '2026-12-02T09:00',
    ...screens(20),
  });
  expect(data).toMatchObject({ booked: true, ticket: { duration_minutes: 80 } });
  expect(
    await refusal(act(dana, 'service.update', { service_id: 'Gutter Cleaning', minutes_per_unit: 4 })),
  ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'minutes_per_unit' });
});
