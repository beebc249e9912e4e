import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

/** What is said of others that nobody goes to. */
const said = (warnings: readonly string[]): string[] =>
  warnings.filter(text => text.includes('nobody either'));

describe('that another visit of the same time has nobody either is said, and nothing is refused', () => {
  test('where one is booked', async () => {
    const { book, dana, act } = panes();
    const first = await book('2026-11-23T09:00');
    const booking = { contact_id: 'C-1001', scheduled_at: '2026-11-23T09:30' };
    const { data, warnings } = await act(dana, 'ticket.create', booking);
    expect(data).toMatchObject({ status: 'scheduled', technicians: [] });
    expect(said(warnings)).toEqual([
      `Nobody goes there yet, and it is not the only one then: ${first.reference} at 09:00 has nobody either.`,
    ]);
  });

  test('by an agent and its workflow too, and when there are many, of the first three by name', async () => {
    const { book, agent, act } = panes();
    const at = '2026-11-24T09:00';
    const visits = [await book(at), await book(at), await book(at), await book(at)].map(one => one.reference);
    const { warnings } = await act(agent, 'ticket.create', { contact_id: 'C-1001', scheduled_at: at });
    const [a, b, c] = visits.map(reference => `${reference} at 09:00`);
    expect(said(warnings)).toEqual([
      `Nobody goes there yet, and it is not the only one then: ${a}, ${b}, ${c}, and 1 more have nobody either.`,
    ]);
    const other = await book('2026-11-24T13:00');
    const moved = await act(agent, 'handle_reschedule_request', {
      ticket_id: other.reference,
      scheduled_at: at,
      reason: 'She asked for the morning.',
    });
    expect(said(moved.warnings)).toEqual([expect.stringContaining('and 2 more have nobody either')]);
  });

  test.each([
    ['ticket.reschedule', {}],
    ['ticket.move_visit', {}],
  ])('where one is moved there by %s', async (action, more) => {
    const { book, dana, act } = panes();
    const day = action === 'ticket.reschedule' ? '2026-11-25' : '2026-11-26';
    const first = await book(`${day}T09:00`);
    const { id } = await book(`${day}T13:00`);
    const move = { ticket_id: id, scheduled_at: `${day}T09:00`, ...more };
    const { warnings } = await act(dana, action, move);
    expect(said(warnings)).toEqual([expect.stringContaining(`: ${first.reference} at 09:00 has nobody`)]);
  });

  test('where the only one who goes is taken off, on the calendar or by name, and where one is booked again', async () => {
    const { book, dana, act, done } = panes();
    const first = await book('2026-11-27T09:00');
    const { id } = await book('2026-11-27T09:00', { technician_ids: ['Theo'] });
    const off = await act(dana, 'ticket.unassign_technician', { ticket_id: id, technician_id: 'Theo' });
    expect(said(off.warnings)).toEqual([expect.stringContaining(`${first.reference} at 09:00`)]);
    await done(dana, 'ticket.assign_technician', { ticket_id: id, technician_id: 'Theo' });
    const dragged = await act(dana, 'ticket.move_visit', { ticket_id: id, technician_ids: [] });
    expect(said(dragged.warnings)).toHaveLength(1);
    await done(dana, 'ticket.cancel', { ticket_id: id });
    const again = { ticket_id: id, scheduled_at: '2026-11-27T09:00', technician_ids: [] };
    expect(said((await act(dana, 'ticket.rebook', again)).warnings)).toHaveLength(1);
  });
});

test('nothing is said of visits that somebody goes to, that follow one another, or that are called off', async () => {
  const { book, dana, act, done } = panes();
  await book('2026-11-30T09:00', { technician_ids: ['Theo'] });
  const off = await book('2026-11-30T09:00');
  await done(dana, 'ticket.cancel', { ticket_id: off.id });
  const booking = { contact_id: 'C-1001', scheduled_at: '2026-11-30T09:00', duration_minutes: 60 };
  expect(said((await act(dana, 'ticket.create', booking)).warnings)).toEqual([]);
  const after = { ...booking, scheduled_at: '2026-11-30T10:00' };
  expect(said((await act(dana, 'ticket.create', after)).warnings)).toEqual([]);
  const sent = { ...booking, technician_ids: ['Tess'] };
  expect(said((await act(dana, 'ticket.create', sent)).warnings)).toEqual([]);
});
