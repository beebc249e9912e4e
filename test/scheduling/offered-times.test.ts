import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, test } from 'vitest';
import { openSpans } from '../../core/scheduling/business-hours.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { examples, fc } from '../support/properties.ts';

// Whatever is booked, and whoever is away: no time is offered that is not free.

const panes = useBrightPanes();
const zone = 'America/Chicago';

beforeEach(() => panes().setClock(storyTime));

/** The settings of drives for some tests; null takes them back. */
const settings = (values: Record<string, unknown>) =>
  panes().done(panes().olivia, 'organization.update_settings', { settings: values });

/** A customer with one address there; answers the reference. */
async function customerAt(name: string, city: string, postal_code: string): Promise<string> {
  const { dana, done } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: name });
  await done(dana, 'address.create', {
    contact_id: reference,
    line1: '1 Oak Lane',
    city,
    state: 'AL',
    postal_code,
  });
  return String(reference);
}

interface Slot {
  technician: string;
  starts_at: string;
  ends_at: string;
  local: string;
  near?: string;
}

async function slots(params: Record<string, unknown>): Promise<Slot[]> {
  const fields = ['technician', 'starts_at', 'ends_at', 'local', 'near'];
  const rows = await panes().read(panes().dana, 'availability', { params, fields, limit: 100 });
  return rows.map(row => ({
    technician: String(row.technician),
    starts_at: String(row.starts_at),
    ends_at: String(row.ends_at),
    local: String(row.local),
    ...(typeof row.near === 'string' ? { near: row.near } : {}),
  }));
}

describe('the drive between two visits', () => {
  test('is kept free once the business said how long drives are, before and after, and the agent is told', async () => {
    const { book, dana, agent, done, act } = panes();
    const far = await customerAt('Ann Far', 'Huntsville', '35801');
    const visit = await book('2026-11-23T12:00', { technician_ids: ['Theo'] });
    const asked = {
      contact_id: far,
      technician_id: 'Theo',
      from: '2026-11-23',
      to: '2026-11-23',
      duration_minutes: 210,
    };
    const clocks = async () => (await slots(asked)).map(({ local }) => local.slice(15, 20));
    expect(await clocks()).toEqual(['08:00', '08:30', '13:00', '13:30']);
    await settings({ drive_minutes_nearby: 10, drive_minutes_elsewhere: 25 });
    expect(await clocks()).toEqual(['08:00', '13:30']);
    const wish = {
      contact_id: far,
      scheduled_at: '2026-11-23T13:00',
      technician_id: 'Theo',
      duration_minutes: 60,
    };
    const answer = await done(agent, 'schedule_appointment', { ...wish, notify_customer: false });
    expect(answer).toMatchObject({
      booked: false,
      busy: [
        `Theo has 25 minutes to drive from ${visit.reference} in Madison, which ends Mon 2026-11-23 13:00`,
      ],
      free_then: ['Tess'],
    });
    const { technician_id: _, ...facts } = wish;
    const byHand = await act(dana, 'ticket.create', { ...facts, technician_ids: ['Theo'] });
    expect(byHand).toMatchObject({
      status: 'done',
      warnings: [expect.stringContaining('25 minutes to drive')],
    });
    await settings({ drive_minutes_nearby: null, drive_minutes_elsewhere: null });
    for (const id of [visit.id, byHand.status === 'done' && byHand.data.id])
      await done(dana, 'ticket.cancel', { ticket_id: id });
  });
});

describe('days when somebody is near', () => {
  test('come first where that is asked for, each with who is near and where', async () => {
    const { book, dana, agent, done } = panes();
    const near = await customerAt('Ned Near', 'Madison', '35756');
    const visit = await book('2026-11-26T09:00', { technician_ids: ['Tess'] });
    const plain = await slots({ contact_id: near, from: '2026-11-23', to: '2026-11-27' });
    expect(plain[0]?.local).toContain('Mon 2026-11-23');
    const asked = await slots({ contact_id: near, near: true, from: '2026-11-23', to: '2026-11-27' });
    expect(asked.every(({ local }) => local.startsWith('Thu 2026-11-26'))).toBe(true);
    expect(asked[0]).toMatchObject({ technician: 'Tess', near: 'Tess is in Madison that morning' });
    const offer = await done(agent, 'schedule_appointment', {
      contact_id: near,
      near: true,
      from: '2026-11-23',
    });
    expect(Object(offer.slots)[0]).toMatchObject({
      free: ['Tess', 'Theo'],
      near: 'Tess is in Madison that morning',
    });
    await done(dana, 'ticket.cancel', { ticket_id: visit.id });
  });

  test('come before the days a customer likes, and after the half of the day that was asked for', async () => {
    const { book, dana, done } = panes();
    const near = await customerAt('Nora Near', 'Madison', '35756');
    await done(dana, 'contact.set_preferences', { contact_id: near, days: ['fri'] });
    const visit = await book('2026-11-26T08:00', { technician_ids: ['Tess'], duration_minutes: 300 });
    const week = { contact_id: near, from: '2026-11-23', to: '2026-11-27', duration_minutes: 60 };
    const days = async (more: Record<string, unknown>) => [
      ...new Set((await slots({ ...week, ...more })).map(({ local }) => local.slice(0, 3))),
    ];
    expect(await days({})).toEqual(['Fri']);
    expect((await days({ near: true }))[0]).toBe('Thu');
    expect((await days({ near: true, preference: 'morning' }))[0]).not.toBe('Thu');
    await done(dana, 'ticket.cancel', { ticket_id: visit.id });
  });

  test('and what a customer likes are said in words with the answer', async () => {
    const { dana, app, done } = panes();
    const who = await customerAt('Wilma Word', 'Madison', '35756');
    await done(dana, 'contact.set_preferences', {
      contact_id: who,
      time_of_day: 'morning',
      technician_id: 'Tess',
    });
    const asked = { params: { contact_id: who, near: true, from: '2026-11-23' } };
    const { warnings } = await app.read(dana, 'availability', asked, { request_id: crypto.randomUUID() });
    expect(warnings).toEqual([
      'Ordered by days when somebody is near, then what «Wilma Word» likes (mornings, with Tess); what fits less comes after what fits.',
    ]);
  });
});

/** Days around both nights the clocks change in Alabama, and a plain week. */
const weeks = ['2026-11-30', '2027-03-08', '2027-11-01'] as const;

const stay = fc.record({
  day: fc.nat(6),
  minute: fc.integer({ min: 0, max: 95 }).map(quarter => quarter * 15),
  length: fc.integer({ min: 1, max: 24 }).map(quarter => quarter * 15),
  who: fc.constantFrom('Theo', 'Tess'),
});

describe('over random weeks, with clock changes', () => {
  test('no offered time meets a visit, its drive, an absence or a closed day, or lies outside somebody’s hours', async () => {
    await settings({ travel_minutes: 10, drive_minutes_elsewhere: 35 });
    const place = await customerAt('Rita Random', 'Huntsville', '35801');
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          week: fc.constantFrom(...weeks),
          visits: fc.array(stay, { maxLength: 5 }),
          away: fc.array(stay, { maxLength: 3 }),
          closed: fc.option(stay, { nil: undefined }),
          hours: fc.option(fc.integer({ min: 5, max: 12 }), { nil: undefined }),
          length: fc.constantFrom(45, 60, 180),
        }),
        random => checkWeek(place, random),
      ),
      { numRuns: examples(12) },
    );
    await settings({ travel_minutes: null, drive_minutes_elsewhere: null });
  }, 240_000);
});

interface Random {
  week: (typeof weeks)[number];
  visits: { day: number; minute: number; length: number; who: string }[];
  away: Random['visits'];
  closed: Random['visits'][number] | undefined;
  hours: number | undefined;
  length: number;
}

/** Fills a week, looks at what is offered, and empties it again. */
async function checkWeek(
  place: string,
  { week, visits, away, closed, hours, length }: Random,
): Promise<void> {
  const { dana, olivia, act, done } = panes();
  const first = Temporal.PlainDate.from(week);
  const span = ({ day, minute, length: minutes }: Random['visits'][number]) => {
    const starts = first.add({ days: day }).toZonedDateTime(zone).toInstant().add({ minutes: minute });
    return { from: starts.epochMilliseconds, to: starts.add({ minutes }).epochMilliseconds, starts };
  };
  const undo: (() => Promise<unknown>)[] = [];
  const taken: { who: string | undefined; from: number; to: number }[] = [];
  const own = hours === undefined ? undefined : `${String(hours).padStart(2, '0')}:30`;
  if (own !== undefined)
    await done(olivia, 'member.set_working_hours', {
      member_id: 'Theo',
      days: { sun: [[own, '24:00']], tue: [] },
    });
  for (const one of visits) {
    const { from, to, starts } = span(one);
    const booked = await act(dana, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: starts.toString(),
      duration_minutes: one.length,
      technician_ids: [one.who],
    }).catch(() => undefined);
    if (booked?.status !== 'done') continue;
    // Jane lives in another region: the buffer and the drive, on either side.
    const around = (10 + 35) * 60_000;
    taken.push({ who: one.who, from: from - around, to: to + around });
    undo.push(() => done(dana, 'ticket.cancel', { ticket_id: booked.data.id }));
  }
  for (const one of [...away, ...(closed ? [{ ...closed, who: undefined }] : [])]) {
    const { from, to, starts } = span({ ...one, who: '' });
    const { reference } = await done(dana, 'absence.create', {
      ...(one.who === undefined ? { kind: 'closed' } : { member_id: one.who }),
      starts_at: starts.toString(),
      ends_at: starts.add({ minutes: one.length }).toString(),
    });
    taken.push({ who: one.who, from, to });
    undo.push(() => done(dana, 'absence.delete', { absence_id: reference }));
  }
  const offered: Slot[] = [];
  for (let day = 0; day < 7; day += 1)
    for (const technician_id of ['Theo', 'Tess']) {
      const date = first.add({ days: day }).toString();
      // As many as are left over after choosing a few; all of them without a customer, whose drives nobody knows.
      offered.push(
        ...(await slots({
          contact_id: place,
          technician_id,
          from: date,
          to: date,
          duration_minutes: length,
        })),
      );
    }
  for (const slot of offered) {
    const [from, to] = [Date.parse(slot.starts_at), Date.parse(slot.ends_at)];
    const meets = taken.filter(
      other =>
        (other.who === undefined || other.who === slot.technician) && other.from < to && from < other.to,
    );
    expect([slot.technician, slot.local, meets]).toEqual([slot.technician, slot.local, []]);
    expect([slot.technician, slot.local, isOpen(slot, own)]).toEqual([slot.technician, slot.local, true]);
  }
  for (const each of undo.reverse()) await each();
  if (own !== undefined)
    await done(olivia, 'member.set_working_hours', { member_id: 'Theo', as_business: ['sun', 'tue'] });
}

const usual: [string, string][] = [['08:00', '17:00']];
const usualWeek = { mon: usual, tue: usual, wed: usual, thu: usual, fri: usual, sat: [], sun: [] };

/** Whether a slot lies within the hours of its technician. */
function isOpen({ technician, starts_at, ends_at }: Slot, own: string | undefined): boolean {
  const date = Temporal.Instant.from(starts_at).toZonedDateTimeISO(zone).toPlainDate();
  const theirs: [string, string][] = own === undefined ? [] : [[own, '24:00']];
  const hours =
    technician === 'Theo' && own !== undefined ? { ...usualWeek, sun: theirs, tue: [] } : usualWeek;
  return openSpans(hours, zone, date, date).some(
    span => span.from <= Date.parse(starts_at) && Date.parse(ends_at) <= span.to,
  );
}
