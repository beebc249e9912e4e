import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// Whatever frees a time says who of those who wait could come then.

const panes = useBrightPanes();

let customers = 0;
let entry = '';
/** Somebody with a visit in January who would come any day before. */
beforeEach(async () => {
  const { done, dana } = panes();
  if (entry !== '') await done(dana, 'waitlist.delete', { waitlist_id: entry });
  customers += 1;
  const { reference } = await done(dana, 'contact.create', { full_name: `Ada Early${customers}` });
  const visit = await done(dana, 'ticket.create', {
    contact_id: reference,
    scheduled_at: `2027-01-${String(10 + customers).padStart(2, '0')}T09:00`,
    duration_minutes: 60,
  });
  const made = await done(dana, 'waitlist.create', { contact_id: reference, ticket_id: visit.reference });
  entry = String(made.reference);
});

let weeks = 0;
/** An hour of Theo's each Tuesday, at an hour of its own. */
async function series(starts_on = '2026-12-01') {
  weeks += 1;
  const { reference } = await panes().done(panes().dana, 'series.create', {
    contact_id: 'Jane Smith',
    rule: 'every week',
    starts_on,
    start_time: `${String(8 + weeks).padStart(2, '0')}:00`,
    duration_minutes: 60,
    technician_ids: ['Theo'],
  });
  return String(reference);
}

const tells = async (action: string, data: Record<string, unknown>): Promise<string[]> => {
  const { warnings } = await panes().act(panes().dana, action, data);
  return warnings.filter(text => text.includes('is free now'));
};

test('a date of a series that is left out tells who could come then', async () => {
  expect(await tells('series.skip', { series_id: await series(), on: '2026-12-08' })).toEqual([
    expect.stringMatching(/^Tue 2026-12-08 .* with Theo is free now, and 1 customer waits/),
  ]);
});

test('a series that ends tells the next three times that are free, and that there are more', async () => {
  const series_id = await series();
  const { warnings } = await panes().act(panes().dana, 'series.end', { series_id, from: '2026-12-01' });
  const free = warnings.filter(text => text.includes('is free now'));
  expect(free.map(text => text.slice(0, 14))).toEqual(['Tue 2026-12-01', 'Tue 2026-12-08', 'Tue 2026-12-15']);
  expect(warnings.filter(text => text.startsWith(`Could come sooner: ${entry}`))).toHaveLength(3);
  expect(warnings).toContainEqual(expect.stringMatching(/^\d+ more of the times that are free now suit/));
});

test('a series that comes on other days from now on tells what it leaves', async () => {
  const series_id = await series();
  const free = await tells('series.update', { series_id, from: '2026-12-08', rule: 'every second week' });
  expect(free.join(' ')).toContain('Tue 2026-12-15');
  expect(free.join(' ')).not.toContain('Tue 2026-12-01');
});

test('a visit that is given to somebody else, or moved as its customer asked, tells what it leaves', async () => {
  const { id, reference } = await panes().book('2026-12-03T10:00', { technician_ids: ['Theo'] });
  expect(
    await tells('ticket.assign_technician', { ticket_id: reference, technician_id: 'Tess', alone: true }),
  ).toEqual([expect.stringMatching(/^Thu 2026-12-03 .* with Theo/)]);
  const asked = { confirmation_status: 'modify_requested' };
  await panes().done(panes().dana, 'ticket.confirm', { ticket_id: id, ...asked });
  expect(
    await tells('ticket.accept_change', { ticket_id: id, scheduled_at: '2026-12-04T10:00' }),
  ).toContainEqual(expect.stringMatching(/^Thu 2026-12-03 .* with Tess/));
});

test('nobody is named where nobody waits, and a series that stays as it is leaves nothing', async () => {
  const series_id = await series();
  expect(await tells('series.update', { series_id, from: '2026-12-08', notes: 'Ring twice' })).toEqual([]);
  await panes().done(panes().dana, 'waitlist.delete', { waitlist_id: entry });
  entry = '';
  expect(await tells('series.skip', { series_id, on: '2026-12-15' })).toEqual([]);
});
