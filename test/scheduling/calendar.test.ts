import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

beforeEach(() => panes().setClock(storyTime));

const planned = async (params: Record<string, unknown>, who = panes().dana) =>
  (await panes().read(who, 'calendar', { params })).map(row => row.local);

describe('the calendar', () => {
  test('shows the day as it will go, with customer, place, services and technicians', async () => {
    const { book, dana, agent, done, read } = panes();
    const lines = ['Gutter Cleaning', { service_id: 'S-3', quantity: 20 }];
    await book('2026-11-23T13:00', { lines, technician_ids: ['Theo', 'Tess'] });
    await done(dana, 'ticket.create', { contact_id: 'Mrs Hart', scheduled_at: '2026-11-23T08:00' });
    const { id: nowhere } = await done(dana, 'contact.create', { full_name: 'New Neighbour' });
    await done(dana, 'ticket.create', { contact_id: nowhere, scheduled_at: '2026-11-23T10:00' });
    expect(await read(agent, 'calendar', { params: { date: '2026-11-23' } })).toEqual([
      {
        reference: 'T-2002',
        local: 'Mon 2026-11-23 08:00 -06:00',
        duration_minutes: 60,
        status: 'scheduled',
        confirmation_status: 'not_sent',
        customer: 'Mrs Hart',
        phone: '+12565550119',
        address: '48 Old Big Cove Rd, Owens Cross Roads, AL',
        services: null,
        technicians: null,
        total_cents: 0,
      },
      expect.objectContaining({ customer: 'New Neighbour', phone: null, address: null }),
      {
        reference: 'T-2001',
        local: 'Mon 2026-11-23 13:00 -06:00',
        duration_minutes: 60,
        status: 'scheduled',
        confirmation_status: 'not_sent',
        customer: 'Jane Smith',
        phone: '+12565550142',
        address: '123 Main Street, Madison, AL 35758',
        services: ['Gutter Cleaning', 'Screen Cleaning'],
        technicians: ['Tess', 'Theo'],
        total_cents: 25_000,
      },
    ]);
  });

  test('goes from midnight to midnight where the business is, and leaves out what was cancelled', async () => {
    const { book, dana, done } = panes();
    for (const time of ['2026-11-24T23:59', '2026-11-25T00:00', '2026-11-25T23:59', '2026-11-26T00:00']) {
      await book(time);
    }
    const cancelled = await book('2026-11-25T12:00');
    expect(await planned({ date: '2026-11-25' })).toHaveLength(3);
    await done(dana, 'ticket.cancel', { ticket_id: cancelled.id });
    expect(await planned({ date: '2026-11-25' })).toEqual([
      'Wed 2026-11-25 00:00 -06:00',
      'Wed 2026-11-25 23:59 -06:00',
    ]);
  });

  test('has weeks from Monday to Sunday and whole months; without a date it is about today', async () => {
    const { book } = panes();
    for (const day of [
      '2026-11-18',
      '2027-02-28',
      '2027-03-01',
      '2027-03-07',
      '2027-03-08',
      '2027-03-31',
      '2027-04-01',
    ]) {
      await book(`${day}T09:00`);
    }
    const days = async (params: Record<string, unknown>) =>
      (await planned(params)).map(local => String(local).slice(4, 14));
    expect(await days({})).toEqual(['2026-11-18']);
    expect(await days({ date: '2027-03-03', range: 'week' })).toEqual(['2027-03-01', '2027-03-07']);
    expect(await days({ date: '2027-03-07', range: 'week' })).toEqual(['2027-03-01', '2027-03-07']);
    expect(await days({ date: '2027-02-10', range: 'month' })).toEqual(['2027-02-28']);
    expect(await days({ date: '2027-03-15', range: 'month' })).toEqual([
      '2027-03-01',
      '2027-03-07',
      '2027-03-08',
      '2027-03-31',
    ]);
  });

  test('shows technicians their own visits, and the office those of one technician', async () => {
    const { book, theo, tess } = panes();
    await book('2026-12-01T09:00', { technician_ids: ['Theo'] });
    await book('2026-12-01T10:00', { technician_ids: ['Tess'] });
    const day = { date: '2026-12-01' };
    expect(await planned(day)).toHaveLength(2);
    expect(await planned({ ...day, technician: 'Tess' })).toEqual(['Tue 2026-12-01 10:00 -06:00']);
    expect(await planned(day, theo)).toEqual(['Tue 2026-12-01 09:00 -06:00']);
    expect(await planned({ ...day, technician: 'Theo' }, tess)).toEqual(['Tue 2026-12-01 10:00 -06:00']);
  });

  test('is read page by page without losing a visit', async () => {
    const { book, app, dana } = panes();
    for (const hour of ['08', '09', '10', '11', '12']) await book(`2026-12-02T${hour}:00`);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const query = { params: { date: '2026-12-02' }, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const page = await app.read(dana, 'calendar', query, { request_id: 'paging' });
      seen.push(...page.rows.map(row => String(row.local).slice(15, 20)));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['08:00', '09:00', '10:00', '11:00', '12:00']);
  });

  test('refuses a day that does not exist and a range nobody knows', async () => {
    expect(await refusal(planned({ date: '2026-02-29' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'date',
      hint: 'Write it as 2026-11-23.',
    });
    expect(await refusal(planned({ range: 'weak' }))).toMatchObject({
      field: 'range',
      valid_options: ['day', 'week', 'month'],
      did_you_mean: ['week'],
    });
    expect(await planned({ date: '2028-02-29' })).toEqual([]);
  });
});

describe('on the days the clocks change', () => {
  test('the day in spring is 23 hours long and a time that is skipped becomes the first one after', async () => {
    const { book, setClock } = panes();
    setClock('2026-03-01T08:00:00-06:00');
    for (const time of ['00:00', '02:30', '23:30']) await book(`2026-03-08T${time}`);
    await book('2026-03-09T00:00');
    expect(await planned({ date: '2026-03-08' })).toEqual([
      'Sun 2026-03-08 00:00 -06:00',
      'Sun 2026-03-08 03:00 -05:00',
      'Sun 2026-03-08 23:30 -05:00',
    ]);
  });

  test('the day in autumn is 25 hours long and a time that comes twice means the first', async () => {
    const { book, setClock } = panes();
    setClock('2026-10-25T08:00:00-05:00');
    for (const time of ['00:00', '01:30', '01:30-06:00', '23:30']) await book(`2026-11-01T${time}`);
    await book('2026-10-31T23:30');
    expect(await planned({ date: '2026-11-01' })).toEqual([
      'Sun 2026-11-01 00:00 -05:00',
      'Sun 2026-11-01 01:30 -05:00',
      'Sun 2026-11-01 01:30 -06:00',
      'Sun 2026-11-01 23:30 -06:00',
    ]);
  });

  test('a visit over the change lasts as long as it lasts', async () => {
    const { book, setClock } = panes();
    setClock('2026-10-25T08:00:00-05:00');
    expect(await book('2026-11-01T00:30', { duration_minutes: 120 })).toMatchObject({
      scheduled_at: '2026-11-01T05:30:00.000Z',
      ends_at: '2026-11-01T07:30:00.000Z',
    });
  });

  test('the week with a day of 23 hours ends at its midnight, and the month that begins with one of 25 at its own', async () => {
    const { book, setClock } = panes();
    setClock('2026-03-01T08:00:00-06:00');
    for (const time of ['2026-03-01T23:59', '2026-03-02T00:00', '2026-03-09T00:00']) await book(time);
    const inWeek = await planned({ date: '2026-03-05', range: 'week' });
    expect([inWeek[0], inWeek.at(-1)]).toEqual([
      'Mon 2026-03-02 00:00 -06:00',
      'Sun 2026-03-08 23:30 -05:00',
    ]);

    setClock('2026-10-25T08:00:00-05:00');
    for (const time of ['2026-10-31T23:59', '2026-11-30T23:59', '2026-12-01T00:00']) await book(time);
    const inMonth = await planned({ date: '2026-11-15', range: 'month' });
    expect([inMonth[0], inMonth.at(-1)]).toEqual([
      'Sun 2026-11-01 00:00 -05:00',
      'Mon 2026-11-30 23:59 -06:00',
    ]);
  });

  test('on Lord Howe Island, half a world ahead, where the clocks change by half an hour', async () => {
    const { book, setClock, done, olivia } = panes();
    await done(olivia, 'organization.update_settings', { time_zone: 'Australia/Lord_Howe' });
    const spring = [
      '2026-10-03T23:59',
      '2026-10-04T00:00',
      '2026-10-04T02:15',
      '2026-10-04T23:30',
      '2026-10-05T00:00',
    ];
    const autumn = ['2026-04-04T23:59', '2026-04-05T00:00', '2026-04-05T01:45', '2026-04-05T01:45+10:30'];
    setClock('2026-04-03T08:00:00Z');
    for (const time of [...autumn, '2026-04-05T23:30', '2026-04-06T00:00']) await book(time);
    const long = [
      'Sun 2026-04-05 00:00 +11:00',
      'Sun 2026-04-05 01:45 +11:00',
      'Sun 2026-04-05 01:45 +10:30',
      'Sun 2026-04-05 23:30 +10:30',
    ];
    expect(await planned({ date: '2026-04-05' })).toEqual(long);
    expect(await planned({ date: '2026-04-01', range: 'week' })).toEqual([
      'Sat 2026-04-04 23:59 +11:00',
      ...long,
    ]);
    setClock('2026-10-02T08:00:00Z');
    for (const time of spring) await book(time);
    const short = [
      'Sun 2026-10-04 00:00 +10:30',
      'Sun 2026-10-04 02:30 +11:00',
      'Sun 2026-10-04 23:30 +11:00',
    ];
    expect(await planned({ date: '2026-10-04' })).toEqual(short);
    expect(await planned({ date: '2026-10-01', range: 'month' })).toEqual([
      'Sat 2026-10-03 23:59 +10:30',
      ...short,
      'Mon 2026-10-05 00:00 +11:00',
    ]);
    await done(olivia, 'organization.update_settings', { time_zone: 'America/Chicago' });
  });

  test('in Santiago, where a day has no midnight, it begins at one o’clock', async () => {
    const { book, setClock, done, olivia } = panes();
    await done(olivia, 'organization.update_settings', { time_zone: 'America/Santiago' });
    setClock('2026-09-05T12:00:00Z');
    for (const time of ['2026-09-05T23:59', '2026-09-06T00:30', '2026-09-06T23:59']) await book(time);
    expect(await planned({ date: '2026-09-05' })).toEqual(['Sat 2026-09-05 23:59 -04:00']);
    expect(await planned({ date: '2026-09-06' })).toEqual([
      'Sun 2026-09-06 01:00 -03:00',
      'Sun 2026-09-06 23:59 -03:00',
    ]);
    await done(olivia, 'organization.update_settings', { time_zone: 'America/Chicago' });
  });
});
