import { expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

test('visits are listed by the day they were cancelled, whenever they were to be', async () => {
  const { app, agent, book, done, dana, read, setClock } = panes();
  setClock('2026-11-10T22:30:00-06:00');
  const [early, late] = [await book('2026-12-01T09:00'), await book('2026-12-02T09:00')];
  await done(dana, 'ticket.cancel', { ticket_id: early.reference, cancel_reason: 'Moves away' });
  setClock('2026-11-18T08:00:00-06:00');
  await done(dana, 'ticket.cancel', { ticket_id: late.reference, cancel_reason: 'Too dear' });
  const cancelled = async (cancelled_from: string, cancelled_to: string) =>
    (await read(dana, 'tickets', { params: { cancelled_from, cancelled_to } })).map(row => row.reference);
  // Half past ten in the evening is that day for the business.
  expect(await cancelled('2026-11-10', '2026-11-10')).toEqual([early.reference]);
  expect(await cancelled('2026-11-11', '2026-11-18')).toEqual([late.reference]);
  expect(await cancelled('2026-11-01', '2026-11-30')).toEqual([early.reference, late.reference]);
  // An agent that looks by the day of the visit learns of it, and where it says why.
  const asked = { params: { status: 'cancelled', from: '2026-11-09', to: '2026-11-15' } };
  const { rows, warnings } = await app.read(agent, 'tickets', asked, { request_id: newId() });
  expect(rows).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/cancelled_from and cancelled_to.*cancel_reason/)]);
});
