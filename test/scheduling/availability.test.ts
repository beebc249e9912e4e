import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

beforeEach(() => panes().setClock(storyTime));

const free = (params: Record<string, unknown>, limit = 100) =>
  panes().read(panes().dana, 'availability', { params, limit });

/** The free starts as clocks show them: `08:00`. */
const clocks = async (params: Record<string, unknown>) =>
  (await free({ technician: 'Theo', ...params })).map(row => String(row.local).slice(15, 20));

describe('free times', () => {
  test('are the business hours of every technician, in the order of time', async () => {
    const { bright, agent, read } = panes();
    const day = { from: '2026-11-23', to: '2026-11-23', duration_minutes: 240 };
    const ends = ['starts_at', 'ends_at', 'local', 'technician', 'technician_id'];
    expect(await read(agent, 'availability', { params: day, limit: 3, fields: ends })).toEqual([
      {
        technician_id: bright.people.Tess?.id,
        technician: 'Tess',
        starts_at: '2026-11-23T14:00:00Z',
        ends_at: '2026-11-23T18:00:00Z',
        local: 'Mon 2026-11-23 08:00 -06:00',
      },
      expect.objectContaining({ technician: 'Theo', local: 'Mon 2026-11-23 08:00 -06:00' }),
      expect.objectContaining({ technician: 'Tess', local: 'Mon 2026-11-23 08:30 -06:00' }),
    ]);
    expect((await free(day)).at(-1)).toMatchObject({ local: 'Mon 2026-11-23 13:00 -06:00' });
  });

  test('leave out booked visits, up to the minute, and have them back when they are cancelled', async () => {
    const { book, dana, done } = panes();
    const monday = { from: '2026-11-23', to: '2026-11-23', duration_minutes: 180 };
    const whole = await clocks(monday);
    expect(whole).toHaveLength(13);
    const visit = await book('2026-11-23T11:00', { technician_ids: ['Theo'], duration_minutes: 90 });
    expect(await clocks(monday)).toEqual(['08:00', '12:30', '13:00', '13:30', '14:00']);
    await done(dana, 'ticket.cancel', { ticket_id: visit.id });
    expect(await clocks(monday)).toEqual(whole);
  });

  test('begin with the preferred half of the day, and the other half follows', async () => {
    const tuesday = { from: '2026-11-24', to: '2026-11-25', duration_minutes: 240 };
    const afternoon = await clocks({ ...tuesday, preference: 'afternoon' });
    expect(afternoon.slice(0, 7)).toEqual(['12:00', '12:30', '13:00', '12:00', '12:30', '13:00', '08:00']);
    expect((await clocks({ ...tuesday, preference: 'morning' })).slice(0, 3)).toEqual([
      '08:00',
      '08:30',
      '09:00',
    ]);
    expect([...afternoon].sort()).toEqual([...(await clocks(tuesday))].sort());
  });

  test('are never in the past, nor on days when the business is closed', async () => {
    panes().setClock('2026-11-18T15:10:00-06:00');
    expect(await clocks({ from: '2026-11-18', to: '2026-11-18' })).toEqual(['15:30', '16:00']);
    expect(await clocks({ from: '2026-11-17', to: '2026-11-17' })).toEqual([]);
    expect(await clocks({ from: '2026-11-21', to: '2026-11-22' })).toEqual([]);
    const [first] = await free({});
    expect(first).toMatchObject({ local: 'Wed 2026-11-18 15:30 -06:00' });
  });

  test('are none when the visit is longer than the day, which is no error', async () => {
    const day = { from: '2026-11-23', to: '2026-11-23' };
    expect(await clocks({ ...day, duration_minutes: 541 })).toEqual([]);
    expect(await clocks({ ...day, duration_minutes: 540 })).toEqual(['08:00']);
  });

  test('keep the time for driving and the grid that the owner has set', async () => {
    const { olivia, book, done } = panes();
    await book('2026-12-01T10:00', { technician_ids: ['Theo'] });
    await book('2026-12-01T07:00', { technician_ids: ['Theo'], duration_minutes: 60 });
    const day = { from: '2026-12-01', to: '2026-12-01', duration_minutes: 60 };
    expect((await clocks(day)).slice(0, 4)).toEqual(['08:00', '08:30', '09:00', '11:00']);
    await done(olivia, 'organization.update_settings', {
      settings: { travel_minutes: 20, slot_minutes: 20 },
    });
    expect((await clocks(day)).slice(0, 4)).toEqual(['08:20', '08:40', '11:20', '11:40']);
    await done(olivia, 'organization.update_settings', { settings: { travel_minutes: 0, slot_minutes: 30 } });
  });

  test('respect a lunch break', async () => {
    const { olivia, done } = panes();
    const open = [
      ['08:00', '10:00'],
      ['13:00', '14:30'],
    ];
    await done(olivia, 'organization.update_settings', { business_hours: { thu: open } });
    expect(await clocks({ from: '2026-12-03', to: '2026-12-03' })).toEqual([
      '08:00',
      '08:30',
      '09:00',
      '13:00',
      '13:30',
    ]);
  });
});

describe('asking for free times', () => {
  test('of somebody who takes no visits says so instead of answering that nothing is free', async () => {
    expect(await refusal(free({ technician_id: 'Dana' }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'technician_id',
      valid_options: ['Tess', 'Theo'],
    });
  });

  test('needs days that exist, in order, and at most two months', async () => {
    const asked = (from: string, to: string) => refusal(free({ from, to }));
    expect(await asked('2026-11-24', '2026-11-23')).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'to',
      message: '"to" comes before "from".',
    });
    expect(await asked('2026-11-31', '2026-12-01')).toMatchObject({ field: 'from', got: '2026-11-31' });
    expect(await asked('2026-11-24', '2027-01-25')).toMatchObject({ field: 'to' });
    expect(await free({ from: '2026-11-24', to: '2027-01-24', duration_minutes: 540 })).not.toEqual([]);
    expect(await refusal(free({ form: '2026-11-24' }))).toMatchObject({
      field: 'form',
      did_you_mean: ['from'],
    });
  });

  test('shows a technician their own times, whomever they ask about', async () => {
    const { theo, dana, read, bright } = panes();
    const tess = bright.people.Tess?.id;
    const askedBy = async (caller: Caller) => {
      const rows = await read(caller, 'availability', { params: { technician_id: tess } });
      return [...new Set(rows.map(({ technician }) => technician))];
    };
    expect(await askedBy(theo)).toEqual(['Theo']);
    expect(await askedBy(dana)).toEqual(['Tess']);
  });
});

describe('on the days the clocks change', () => {
  const allDay = { sun: [['00:00', '24:00']] };
  const halfHours = { duration_minutes: 30 };

  test('spring has 23 hours: no time is offered that the clocks skip', async () => {
    const { olivia, done, setClock } = panes();
    setClock('2026-03-01T08:00:00-06:00');
    await done(olivia, 'organization.update_settings', { business_hours: allDay });
    const spring = { from: '2026-03-08', to: '2026-03-08', ...halfHours };
    const times = await clocks(spring);
    expect(times).toHaveLength(46);
    expect(times.slice(2, 6)).toEqual(['01:00', '01:30', '03:00', '03:30']);
    const [before, after] = (await free({ technician: 'Theo', ...spring })).slice(3, 5);
    expect([before?.local, after?.local]).toEqual([
      'Sun 2026-03-08 01:30 -06:00',
      'Sun 2026-03-08 03:00 -05:00',
    ]);
  });

  test('who opens in the hour that is skipped opens when the clocks go on', async () => {
    const { olivia, done, setClock } = panes();
    setClock('2026-03-01T08:00:00-06:00');
    await done(olivia, 'organization.update_settings', { business_hours: { sun: [['02:00', '04:00']] } });
    expect(await clocks({ from: '2026-03-08', to: '2026-03-08', ...halfHours })).toEqual(['03:00', '03:30']);
    await done(olivia, 'organization.update_settings', { business_hours: allDay });
  });

  test('autumn has 25 hours: the hour that comes twice is offered twice', async () => {
    const { setClock, book } = panes();
    setClock('2026-10-25T08:00:00-05:00');
    const autumn = { technician: 'Theo', from: '2026-11-01', to: '2026-11-01', ...halfHours };
    const times = await free(autumn);
    expect(times).toHaveLength(50);
    const twice = times.filter(row => String(row.local).includes(' 01:30 '));
    expect(twice.map(row => row.local)).toEqual([
      'Sun 2026-11-01 01:30 -05:00',
      'Sun 2026-11-01 01:30 -06:00',
    ]);
    for (const { local } of twice) {
      await book(String(local), { technician_ids: ['Theo'], duration_minutes: 30 });
    }
    expect(await free(autumn)).toHaveLength(48);
  });

  test('nine o’clock stays nine o’clock before and after', async () => {
    const { setClock } = panes();
    setClock('2026-03-01T08:00:00-06:00');
    const nine = async (day: string) =>
      (await free({ technician: 'Theo', from: day, to: day })).find(row =>
        String(row.local).includes(' 09:00 '),
      );
    expect(await nine('2026-03-06')).toMatchObject({ starts_at: '2026-03-06T15:00:00Z' });
    expect(await nine('2026-03-09')).toMatchObject({ starts_at: '2026-03-09T14:00:00Z' });
  });
});
