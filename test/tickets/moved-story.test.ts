import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

const historyOf = async (id: unknown): Promise<Record<string, unknown>[]> => {
  const [row] = await panes().read(panes().olivia, 'tickets', { id: String(id), include: ['history'] });
  return Object(row).history;
};

test('a visit that was moved reads as one story, whichever of the two is asked', async () => {
  const { book, act, dana, theo, read } = panes();
  const old = await book('2026-11-24T10:00', { technician_ids: ['Theo'] });
  const { data } = await act(dana, 'handle_reschedule_request', {
    ticket_id: old.reference,
    scheduled_at: '2026-11-27T10:00',
    technician_id: 'Tess',
    reason: 'Her boiler is repaired on Tuesday',
  });
  const fresh = Object(data.ticket);
  const moved = `moved from Tue 2026-11-24 10:00 to Fri 2026-11-27 10:00 (${old.reference} → ${fresh.reference})`;
  expect(data.story).toBe(`${moved} by Dana`);
  const entry = {
    happened_at: expect.any(String),
    actor_kind: 'user',
    actor_name: 'Dana',
    domain_action: 'handle_reschedule_request',
    changed: [moved],
    reasoning: 'Her boiler is repaired on Tuesday',
  };
  expect(await historyOf(fresh.id)).toEqual([entry]);
  expect(await historyOf(old.id)).toEqual([
    entry,
    expect.objectContaining({ domain_action: 'ticket.create' }),
  ]);
  // Theo does not go there any more: of the other visit he learns nothing.
  const [his] = await read(theo, 'tickets', { id: String(old.id), include: ['history'] });
  expect(JSON.stringify(his?.history)).not.toContain(fresh.reference);
  const [visit, ...others] = await read(dana, 'timeline', {
    params: { contact_id: 'C-1001', kind: 'visit' },
  });
  expect(visit?.what).toBe(`visit scheduled, moved from Tue 2026-11-24 10:00 (${old.reference})`);
  expect(others).toEqual([]);
});

test('the history says in words what changed, and nothing of what did not', async () => {
  const { book, done, dana } = panes();
  const visit = await book('2026-12-01T10:00', { lines: ['Gutter Cleaning'] });
  await done(dana, 'ticket.reschedule', {
    ticket_id: visit.id,
    scheduled_at: '2026-12-02T11:00',
    duration_minutes: 90,
  });
  await done(dana, 'ticket.update', { ticket_id: visit.id, notes: 'Ring twice' });
  await done(dana, 'ticket.update_line', { ticket_id: visit.id, line_id: '1', unit_price_cents: 17_500 });
  const [line, notes, moved, booked] = await historyOf(visit.id);
  expect(line?.changed).toEqual([
    'total $150.00 → $175.00',
    'line: total $150.00 → $175.00',
    'line: unit price $150.00 → $175.00',
  ]);
  expect(notes?.changed).toEqual(['notes «Ring twice»']);
  expect(moved?.changed).toEqual([
    'scheduled Tue 2026-12-01 10:00 → Wed 2026-12-02 11:00',
    'duration 60 min → 90 min',
  ]);
  expect(JSON.stringify(booked)).toContain('Gutter Cleaning');
  expect(JSON.stringify([line, notes, moved, booked])).not.toContain('null,"new"');
});
