import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

type Rows = readonly Record<string, unknown>[];

const plan = {
  contact_id: 'C-1001',
  rule: 'every 6 weeks',
  starts_on: '2026-12-01',
  start_time: '09:00',
  lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
};

const told = [
  'reference',
  'status',
  'occurrence_on',
  'scheduled_at',
  'duration_minutes',
  'total_cents',
  'to_place_why',
  'cancel_reason',
];

/** The visits of a series by time, with who goes. */
async function visitsOf(series: Record<string, unknown>): Promise<Rows> {
  const { dana, read } = panes();
  return read(dana, 'tickets', {
    params: { series_id: String(series.reference) },
    fields: told,
    include: ['technicians', 'lines'],
    sort: 'scheduled_at',
  });
}

const datesOf = (visits: Rows) => visits.map(({ occurrence_on }) => occurrence_on);
const open = (visits: Rows) => visits.filter(({ status }) => status === 'scheduled');
const startsOf = (visits: Rows) => visits.map(({ scheduled_at }) => scheduled_at);

const book = (more: Record<string, unknown> = {}, who: Caller = panes().dana) =>
  panes().done(who, 'series.create', { ...plan, ...more });

/** What the timer of the morning does. */
async function morning(local: string): Promise<Record<string, unknown>> {
  const { bright, done, setClock } = panes();
  setClock(local);
  return done({ via: 'system', organization_id: bright.id, name: 'worker' }, 'series.make_visits');
}

beforeEach(() => panes().setClock('2026-11-18T15:00:00Z'));

test('a series books its visits of the next twelve weeks, and says when it comes next', async () => {
  const series = await book({ technician_ids: ['Theo'] });
  expect(series).toMatchObject({
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
    visits: [
      expect.stringContaining('Tue 2026-12-01 09:00 -06:00'),
      expect.stringContaining('Tue 2027-01-12'),
    ],
  });
  expect(await visitsOf(series)).toMatchObject([
    { occurrence_on: '2026-12-01', total_cents: 10_000, to_place_why: null },
    { occurrence_on: '2027-01-12', lines: [{ quantity: 20 }], technicians: [{ name: 'Theo' }] },
  ]);
});

test('a visit says how often it comes again, and when next', async () => {
  const { dana, read } = panes();
  const series = await book({ starts_on: '2026-12-02' });
  const [first] = await visitsOf(series);
  const [visit] = await read(dana, 'tickets', { id: String(first?.reference), include: ['series'] });
  expect(visit?.series).toEqual({
    reference: series.reference,
    repeats: 'every 6 weeks',
    status: 'active',
    next: 'Wed 2027-01-13 09:00 -06:00',
  });
});

test('words nobody understands, what never comes and what begins in the past are refused', async () => {
  const { dana, act } = panes();
  const refused = (more: Record<string, unknown>) =>
    refusal(act(dana, 'series.create', { ...plan, ...more }));
  expect(await refused({ rule: 'now and then' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'rule' });
  expect(await refused({ rule: 'FREQ=HOURLY' })).toMatchObject({ code: 'VALIDATION_ERROR', field: 'rule' });
  expect(await refused({ rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' })).toMatchObject({ field: 'rule' });
  expect(await refused({ starts_on: '2026-11-10' })).toMatchObject({ field: 'starts_on' });
  expect(await refused({ ends_on: '2026-11-20' })).toMatchObject({ field: 'ends_on' });
});

test('a rule with an end of its own ends there, and begins on the first day of its kind', async () => {
  const series = await book({ rule: 'every second Tuesday for 3 visits', starts_on: '2026-12-02' });
  expect(series).toMatchObject({
    starts_on: '2026-12-08',
    ends_on: '2027-01-05',
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
  });
  expect(datesOf(await visitsOf(series))).toEqual(['2026-12-08', '2026-12-22', '2027-01-05']);
});

test('nine in the morning stays nine in the morning when the clocks change', async () => {
  const series = await book({ rule: 'weekly', starts_on: '2027-03-08', duration_minutes: 30 });
  await morning('2027-01-20T10:30:00Z');
  expect(startsOf(await visitsOf(series)).slice(0, 2)).toEqual([
    '2027-03-08T15:00:00.000Z',
    '2027-03-15T14:00:00.000Z',
  ]);
});

test('a clash gives a visit to be placed, told in answer, list, calendar and briefing; sending somebody settles it', async () => {
  const { dana, done, read, book: bookVisit } = panes();
  const other = await bookVisit('2026-12-03T10:00', { technician_ids: ['Tess'] });
  const series = await book({
    rule: 'weekly',
    starts_on: '2026-12-03',
    start_time: '10:30',
    technician_ids: ['Tess'],
    ends_on: '2026-12-10',
  });
  const [clash, fine] = await visitsOf(series);
  expect(clash).toMatchObject({
    to_place_why: `Tess is on ${String(other.reference)} from Thu 2026-12-03 10:00 until 11:00`,
    technicians: [],
  });
  expect(fine).toMatchObject({ to_place_why: null, technicians: [{ name: 'Tess' }] });
  expect(series.to_be_placed).toEqual([expect.stringContaining(String(clash?.reference))]);
  const listed = await read(dana, 'tickets', { filter: 'to_be_placed' });
  expect(listed.map(({ reference }) => reference)).toContain(clash?.reference);
  const days = await read(dana, 'calendar', {
    params: { from: '2026-12-03', to: '2026-12-03' },
    fields: ['reference', 'to_place_why'],
  });
  expect(days).toContainEqual(
    expect.objectContaining({ reference: clash?.reference, to_place_why: clash?.to_place_why }),
  );
  const briefing = await done(dana, 'daily_briefing', {});
  expect(String(briefing.to_be_placed)).toContain(String(clash?.reference));
  await done(dana, 'ticket.assign_technician', {
    ticket_id: String(clash?.reference),
    technician_id: 'Theo',
  });
  expect((await visitsOf(series))[0]).toMatchObject({ to_place_why: null, technicians: [{ name: 'Theo' }] });
});

test('on a day we are closed nobody is sent; whoever is free again by the next morning is', async () => {
  const { dana, done, book: bookVisit } = panes();
  const closed = await book({
    rule: 'weekly',
    starts_on: '2026-12-05',
    ends_on: '2026-12-05',
    technician_ids: ['Theo'],
  });
  expect(await visitsOf(closed)).toMatchObject([{ to_place_why: 'we are closed then', technicians: [] }]);
  const other = await bookVisit('2026-12-04T13:00', { technician_ids: ['Theo'] });
  const series = await book({
    rule: 'weekly',
    starts_on: '2026-12-04',
    ends_on: '2026-12-04',
    start_time: '13:00',
    technician_ids: ['Theo'],
  });
  expect(series.to_be_placed).toHaveLength(1);
  await done(dana, 'ticket.cancel', { ticket_id: String(other.reference) });
  await morning('2026-11-19T10:30:00Z');
  expect(await visitsOf(series)).toMatchObject([{ to_place_why: null, technicians: [{ name: 'Theo' }] }]);
});

test('from a visit on all change their time, price and technician; earlier ones and one changed by hand stay', async () => {
  const { dana, done } = panes();
  const series = await book({
    rule: 'every 2 weeks',
    starts_on: '2026-12-07',
    start_time: '14:00',
    technician_ids: ['Tess'],
  });
  const [, second, third] = await visitsOf(series);
  await done(dana, 'ticket.reschedule', {
    ticket_id: String(third?.reference),
    scheduled_at: '2027-01-05T15:00',
  });
  const changed = await done(dana, 'series.update', {
    series_id: series.reference,
    from: second?.reference,
    start_time: '15:30',
    duration_minutes: 45,
    lines: [{ service_id: 'Screen Cleaning', quantity: 20, unit_price_cents: 400 }],
    technician_ids: ['Theo'],
  });
  expect(changed.stays).toEqual([expect.stringContaining(String(third?.reference))]);
  const visits = await visitsOf(series);
  expect(visits.slice(0, 4)).toMatchObject([
    { scheduled_at: '2026-12-07T20:00:00.000Z', total_cents: 10_000, technicians: [{ name: 'Tess' }] },
    {
      scheduled_at: '2026-12-21T21:30:00.000Z',
      duration_minutes: 45,
      total_cents: 8_000,
      technicians: [{ name: 'Theo' }],
    },
    {
      scheduled_at: '2027-01-05T21:00:00.000Z',
      occurrence_on: '2027-01-04',
      total_cents: 10_000,
      technicians: [{ name: 'Tess' }],
    },
    { scheduled_at: '2027-01-18T21:30:00.000Z', total_cents: 8_000 },
  ]);
  await done(dana, 'series.update', {
    series_id: series.reference,
    start_time: '15:00',
    from: third?.reference,
    also_changed: true,
  });
  expect((await visitsOf(series))[2]).toMatchObject({
    scheduled_at: '2027-01-04T21:00:00.000Z',
    technicians: [{ name: 'Theo' }],
  });
});

test('a visit that is given to somebody else, or taken from somebody, says that those made later are not', async () => {
  const { dana, act } = panes();
  const series = await book({ technician_ids: ['Theo'], start_time: '15:00' });
  const [first, ...others] = await visitsOf(series);
  const give = async (visit: Rows[number] | undefined, more: Record<string, unknown>) =>
    (
      await act(dana, 'ticket.assign_technician', {
        ticket_id: visit?.reference,
        technician_id: 'Tess',
        ...more,
      })
    ).warnings;
  const said = `${series.reference} (every 6 weeks) goes on sending Theo to its later visits; series.update with technician_ids changes that.`;
  expect(await give(first, { instead_of: 'Theo' })).toContain(said);
  const taken = { ticket_id: others[0]?.reference, technician_id: 'Theo' };
  expect((await act(dana, 'ticket.unassign_technician', taken)).warnings).toContain(said);
  await act(dana, 'ticket.assign_technician', taken);
  await act(dana, 'series.update', { series_id: series.reference, technician_ids: ['Tess'] });
  expect((await give(others[0], { alone: true })).join(' ')).not.toContain('goes on sending');
  await act(dana, 'series.end', { series_id: series.reference }, { reasoning: 'Over' });
});

test('another rhythm moves the visits there are to the nearest dates, and makes or cancels the rest', async () => {
  const { dana, done } = panes();
  const series = await book({ rule: 'every 4 weeks', starts_on: '2026-12-09', start_time: '08:00' });
  const before = await visitsOf(series);
  expect(datesOf(before)).toEqual(['2026-12-09', '2027-01-06', '2027-02-03']);
  await done(dana, 'series.update', { series_id: series.reference, rule: 'every 2 weeks on Thursday' });
  const after = await visitsOf(series);
  expect(datesOf(open(after))).toEqual([
    '2026-12-10',
    '2026-12-24',
    '2027-01-07',
    '2027-01-21',
    '2027-02-04',
  ]);
  expect(after[0]?.reference).toBe(before[0]?.reference);
  await done(dana, 'series.update', { series_id: series.reference, rule: 'every 8 weeks on Thursday' });
  expect(datesOf(open(await visitsOf(series)))).toEqual(['2026-12-10', '2027-02-04']);
});

test('a change far ahead leaves everything before it as it was', async () => {
  const { dana, done } = panes();
  const series = await book({ rule: 'every 4 weeks', starts_on: '2026-12-10', start_time: '08:00' });
  await done(dana, 'series.update', { series_id: series.reference, from: '2027-04-01', start_time: '10:00' });
  await morning('2027-01-15T10:30:00Z');
  const times = startsOf(await visitsOf(series));
  expect(times.slice(0, 5)).toEqual([
    '2026-12-10T14:00:00.000Z',
    '2027-01-07T14:00:00.000Z',
    '2027-02-04T14:00:00.000Z',
    '2027-03-04T14:00:00.000Z',
    '2027-04-01T15:00:00.000Z',
  ]);
});

test('a date is skipped by name, by its visit or by cancelling that; no morning makes it again', async () => {
  const { dana, done, act } = panes();
  const series = await book({ rule: 'weekly', starts_on: '2026-12-11', start_time: '11:00' });
  const [first, second] = await visitsOf(series);
  await done(dana, 'series.skip', { series_id: series.reference, on: first?.reference, reason: 'Away' });
  await done(dana, 'ticket.cancel', { ticket_id: String(second?.reference) });
  await done(dana, 'series.skip', { series_id: series.reference, on: '2027-02-19' });
  await morning('2026-12-05T10:30:00Z');
  const left = datesOf(open(await visitsOf(series)));
  expect(left.slice(0, 2)).toEqual(['2026-12-25', '2027-01-01']);
  expect(left).not.toContain('2027-02-19');
  expect(left).toContain('2027-02-26');
  expect(
    await refusal(act(dana, 'series.skip', { series_id: series.reference, on: '2027-02-20' })),
  ).toMatchObject({ field: 'on' });
});

test('a visit that was moved by the customer is the same date, and stays when the series changes', async () => {
  const { dana, done } = panes();
  const series = await book({
    rule: 'weekly',
    starts_on: '2026-12-14',
    start_time: '08:00',
    technician_ids: ['Tess'],
    ends_on: '2026-12-28',
  });
  const [first] = await visitsOf(series);
  const moved = await done(dana, 'handle_reschedule_request', {
    ticket_id: String(first?.reference),
    scheduled_at: '2026-12-15T16:00',
  });
  expect(moved.moved).toBe(true);
  await done(dana, 'series.update', { series_id: series.reference, start_time: '08:30' });
  expect(open(await visitsOf(series))).toMatchObject([
    { occurrence_on: '2026-12-14', scheduled_at: '2026-12-15T22:00:00.000Z' },
    { occurrence_on: '2026-12-21', scheduled_at: '2026-12-21T14:30:00.000Z' },
    { occurrence_on: '2026-12-28', scheduled_at: '2026-12-28T14:30:00.000Z' },
  ]);
});

test('what ends makes nothing more; its later visits are cancelled, earlier ones stay', async () => {
  const { dana, done, act } = panes();
  const series = await book({ rule: 'weekly', starts_on: '2026-12-16', start_time: '08:00' });
  await done(dana, 'series.end', {
    series_id: series.reference,
    from: '2026-12-30',
    end_reason: 'They moved away',
  });
  const visits = await visitsOf(series);
  expect(datesOf(open(visits))).toEqual(['2026-12-16', '2026-12-23']);
  expect(visits.at(-1)).toMatchObject({ status: 'cancelled', cancel_reason: 'They moved away' });
  await morning('2027-01-05T10:30:00Z');
  expect(datesOf(open(await visitsOf(series)))).toEqual(['2026-12-16', '2026-12-23']);
  expect(
    await refusal(act(dana, 'series.update', { series_id: series.reference, start_time: '09:00' })),
  ).toMatchObject({
    code: 'INVALID_STATE',
  });
});

test('the price list raises prices, and a visit is as planned all the same', async () => {
  const { dana, olivia, done } = panes();
  await done(olivia, 'service.create', {
    name: 'Roof Wash',
    pricing: 'fixed',
    price_cents: 20_000,
    duration_minutes: 60,
  });
  const series = await book({
    lines: ['Roof Wash'].map(service_id => ({ service_id })),
    rule: 'weekly',
    starts_on: '2026-12-17',
    ends_on: '2026-12-24',
  });
  await done(olivia, 'service.update', {
    service_id: 'Roof Wash',
    price_cents: 25_000,
    reprice_open_visits: true,
  });
  const changed = await done(dana, 'series.update', { series_id: series.reference, start_time: '10:00' });
  expect(changed.stays).toBeUndefined();
  expect(await visitsOf(series)).toMatchObject([{ total_cents: 25_000 }, { total_cents: 25_000 }]);
});

test('an agent books a weekly series and changes all of it by itself: it is one thing, told with its dates', async () => {
  const { agent, act } = panes();
  const reasoning = 'Mrs Hart asked for it on the phone.';
  const weekly = {
    ...plan,
    contact_id: 'C-1002',
    rule: 'weekly',
    starts_on: '2026-12-18',
    start_time: '13:00',
  };
  const preview = await act(agent, 'series.create', weekly, { preview: true, reasoning });
  expect(JSON.stringify(preview)).toContain('2027-01-08 13:00');
  const made = await act(agent, 'series.create', weekly, { reasoning });
  expect(made.status).toBe('done');
  const data = Object(made.data);
  expect(data.visits.length).toBeGreaterThan(5);
  const change = await act(
    agent,
    'series.update',
    { series_id: data.reference, start_time: '13:30' },
    { reasoning },
  );
  expect(change.status).toBe('done');
  const ended = await act(
    agent,
    'series.end',
    { series_id: data.reference, end_reason: 'No more' },
    { reasoning },
  );
  expect(ended.status).toBe('done');
});

test('changing a series is taken back with all its visits', async () => {
  const { dana, act } = panes();
  const series = await book({
    rule: 'every 2 weeks',
    starts_on: '2026-12-22',
    start_time: '08:00',
    technician_ids: ['Theo'],
  });
  const before = await visitsOf(series);
  const { undo } = await act(dana, 'series.update', {
    series_id: series.reference,
    rule: 'every 2 weeks on Wednesday',
    start_time: '16:00',
    technician_ids: ['Tess'],
    lines: [{ service_id: 'Gutter Cleaning' }],
  });
  expect(await visitsOf(series)).not.toEqual(before);
  await act(dana, 'undo', { of: String(undo) });
  expect(await visitsOf(series)).toEqual(before);
});

test('booking a series is taken back: it ends, and its visits are cancelled', async () => {
  const { dana, act, read } = panes();
  const { undo, data } = await act(dana, 'series.create', {
    ...plan,
    starts_on: '2026-12-23',
    start_time: '08:00',
  });
  await act(dana, 'undo', { of: String(undo) });
  const series = Object(data);
  expect(open(await visitsOf(series))).toEqual([]);
  expect(await read(dana, 'series', { id: series.reference })).toMatchObject([{ status: 'ended' }]);
});

test('schedule_appointment takes repeat in words, and answers the next five dates', async () => {
  const { dana, done } = panes();
  const answer = await done(dana, 'schedule_appointment', {
    contact_id: 'Mrs Hart',
    lines: [{ service_id: 'Screen Cleaning', quantity: 5 }],
    scheduled_at: '2026-12-08T09:00',
    repeat: 'monthly on the 2nd Tuesday',
  });
  expect(answer).toMatchObject({
    booked: true,
    who_goes: expect.stringMatching(/Tess|Theo/),
    customer_told: expect.any(String),
    ticket: { scheduled_local: 'Tue 2026-12-08 09:00 -06:00' },
    series: { repeats: 'every month on 2nd Tuesday', next: { length: 5 } },
  });
});

test('two customers become one with their series, which goes on', async () => {
  const { dana, olivia, done, read } = panes();
  const other = await done(dana, 'contact.create', { full_name: 'Jane Smith', phone: '(256) 555-0142' });
  const series = await book({
    contact_id: other.reference,
    starts_on: '2026-12-28',
    start_time: '08:00',
    rule: 'weekly',
  });
  await done(olivia, 'contact.merge', { contact_id: 'C-1001', merged_contact_id: other.reference });
  const [row] = await read(dana, 'series', { id: String(series.reference), fields: ['contact_id'] });
  const [jane] = await read(dana, 'contacts', { id: 'C-1001' });
  expect(row?.contact_id).toBe(jane?.id);
  await morning('2026-12-10T10:30:00Z');
  expect((await visitsOf(series)).length).toBeGreaterThan(9);
});

test('a series is found by what it says, and told in the timeline of its customer', async () => {
  const { dana, read } = panes();
  const series = await book({ contact_id: 'C-1002', notes: 'Bring the long ladder', rule: 'quarterly' });
  const found = await read(dana, 'search', { search: 'long ladder' });
  expect(JSON.stringify(found)).toContain(String(series.reference));
  const timeline = await read(dana, 'timeline', { params: { contact_id: 'C-1002' } });
  expect(JSON.stringify(timeline)).toContain('series active');
});

test('a customer who is told of a visit that comes again is told so, in the mail, on its page and on the telephone; of a single one not', async () => {
  const { done, dana, read, book } = panes();
  const mailOf = async (id: unknown) => {
    const params = { ticket_id: String(id), kind: 'confirmation' };
    const [mail] = await read(dana, 'scheduled_messages', { params, fields: ['sent_body'] });
    return String(mail?.sent_body);
  };
  const visitOf = async (series: Record<string, unknown>) => (await visitsOf(series))[0];
  const { reference: rita } = await done(dana, 'contact.create', {
    full_name: 'Rita Repeats',
    email: 'rita@example.com',
  });
  const { reference: nora } = await done(dana, 'contact.create', {
    full_name: 'Nora Nomail',
    phone: '2565550177',
  });
  const six = await done(dana, 'schedule_appointment', {
    contact_id: rita,
    scheduled_at: '2026-12-01T09:00',
    services: ['Screen Cleaning'],
    repeat: 'every 6 weeks',
    notify_customer: true,
  });
  const { series } = z.object({ series: z.object({ reference: z.string() }) }).parse(six);
  const first = await visitOf(series);
  expect(await mailOf(first?.id)).toContain('Comes again: every 6 weeks, next on Tuesday, January 12, 2027');
  const once = await book('2026-12-02T09:00', { contact_id: rita, notify_customer: true });
  expect(await mailOf(once.id)).not.toContain('Comes again');
  // A rule that ends with its second visit: of that one nobody is told that another comes.
  const twice = await done(dana, 'series.create', {
    ...plan,
    contact_id: nora,
    rule: 'FREQ=WEEKLY;COUNT=2',
    notify_customer: true,
  });
  const [call] = await read(dana, 'tasks', { params: { contact_id: String(nora) }, fields: ['note'] });
  expect(call?.note).toContain('It comes again every week, next on Tuesday, December 8.');
  const [, last] = await visitsOf(twice);
  await done(dana, 'ticket.reschedule', {
    ticket_id: last?.id,
    scheduled_at: '2026-12-09T09:00',
    notify_customer: true,
  });
  const notes = await read(dana, 'tasks', { params: { contact_id: String(nora) }, fields: ['note'] });
  expect(notes.filter(({ note }) => String(note).includes('comes again'))).toHaveLength(1);
});
