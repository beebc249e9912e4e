import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const plan = {
  contact_id: 'C-1001',
  rule: 'every 6 weeks',
  starts_on: '2026-12-01',
  start_time: '09:00',
  lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
  technician_ids: ['Theo'],
};

const datesOf = (visits: readonly Record<string, unknown>[]) => visits.map(({ occurrence_on }) => occurrence_on);

test('a series books its visits of the next twelve weeks, and says when it comes next', async () => {
  const { dana, done, read } = panes();
  const series = await done(dana, 'series.create', plan);
  expect(series).toMatchObject({
    reference: 'SER-1',
    rule: 'FREQ=WEEKLY;INTERVAL=6',
    repeats: 'every 6 weeks',
    status: 'active',
    next: [
      'Tue 2026-12-01 09:00 -06:00',
      'Tue 2027-01-12 09:00 -06:00',
      'Tue 2027-02-23 09:00 -06:00',
      'Tue 2027-04-06 09:00 -05:00',
      'Tue 2027-05-18 09:00 -05:00',
    ],
    visits: ['T-2001 Tue 2026-12-01 09:00 -06:00', 'T-2002 Tue 2027-01-12 09:00 -06:00'],
  });
  const visits = await read(dana, 'tickets', { params: { series_id: 'SER-1' }, include: ['lines', 'technicians'], sort: 'scheduled_at' });
  expect(datesOf(visits)).toEqual(['2026-12-01', '2027-01-12']);
  expect(visits[1]).toMatchObject({
    total_cents: 10_000,
    lines: [{ quantity: 20 }],
    technicians: [{ name: 'Theo' }],
    to_place_why: null,
  });
});

test('words nobody understands are refused with what is understood', async () => {
  const { dana, act } = panes();
  expect(await refusal(act(dana, 'series.create', { ...plan, rule: 'now and then' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'rule',
  });
});
