import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';

// Whatever is done to a series and its visits: no date twice, none lost, nobody in two places, and what was changed by hand stays.

const panes = useBrightPanes();
const zone = 'America/Chicago';
let today = Temporal.PlainDate.from('2027-02-01');

const step = fc.oneof(
  fc.record({
    kind: fc.constant('time'),
    hour: fc.integer({ min: 8, max: 15 }),
    ahead: fc.integer({ min: 0, max: 50 }),
    also: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('rhythm'),
    weeks: fc.integer({ min: 1, max: 4 }),
    ahead: fc.integer({ min: 0, max: 50 }),
    also: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('skip'), nth: fc.nat(8) }),
  fc.record({ kind: fc.constant('cancel'), nth: fc.nat(8) }),
  fc.record({ kind: fc.constant('move'), nth: fc.nat(8), hour: fc.integer({ min: 8, max: 15 }) }),
  fc.record({
    kind: fc.constant('crew'),
    who: fc.constantFrom('Theo', 'Tess'),
    ahead: fc.integer({ min: 0, max: 50 }),
  }),
  fc.record({ kind: fc.constant('busy'), nth: fc.nat(8) }),
  fc.record({ kind: fc.constant('close'), weekday: fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri') }),
  fc.record({ kind: fc.constant('wait'), days: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('end'), ahead: fc.integer({ min: 14, max: 60 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Visit {
  reference: string;
  status: string;
  occurrence_on: string;
  scheduled_at: string;
  to_place_why: string | null;
}

interface Series {
  rule: string;
  starts_on: string;
  start_time: string;
  ends_on: string | null;
  status: string;
  skipped: string[];
}

const now = () => today.toZonedDateTime({ timeZone: zone, plainTime: '05:00' }).toInstant();
const at = (date: string, clock: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: clock }).toInstant()
    .epochMilliseconds;

async function visitsOf(reference: string): Promise<Visit[]> {
  const { rows } = await panes().database.owner.query<Visit>(
    `select t.reference, t.status, t.occurrence_on::text, t.scheduled_at::text, t.to_place_why
     from tickets as t join series as s on s.id = t.series_id
     where s.reference = $1 order by t.occurrence_on, t.id`,
    [reference],
  );
  return rows;
}

async function seriesOf(reference: string): Promise<Series> {
  const { rows } = await panes().database.owner.query<Series>(
    `select rule, starts_on::text, start_time, ends_on::text, status, skipped from series where reference = $1`,
    [reference],
  );
  const [row] = rows;
  if (!row) throw new Error('no such series');
  return row;
}

const toCome = (visits: readonly Visit[]) =>
  visits.filter(
    ({ status, scheduled_at }) =>
      status === 'scheduled' && Date.parse(scheduled_at) > now().epochMilliseconds,
  );

/** The dates of a weekly rule until twelve weeks from now, counted with the fingers. */
function wantedOf({ rule, starts_on, start_time, ends_on, skipped }: Series): string[] {
  const weeks = Number(/INTERVAL=(\d+)/.exec(rule)?.[1] ?? 1);
  const last = today.add({ weeks: 12 }).toString();
  const dates: string[] = [];
  for (let date = Temporal.PlainDate.from(starts_on); date.toString() <= last; date = date.add({ weeks }))
    dates.push(date.toString());
  return dates.filter(
    date =>
      (ends_on === null || date <= ends_on) &&
      at(date, start_time) > now().epochMilliseconds &&
      !skipped.includes(date),
  );
}

async function morning(): Promise<void> {
  const { bright, done, setClock } = panes();
  setClock(now().toString());
  await done({ via: 'system', organization_id: bright.id, name: 'worker' }, 'series.make_visits');
}

const day = [['08:00', '17:00']];
const openWeek = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] };

/** Does one step; what is refused changes nothing. Answers what it said of `also`. */
async function take(series: string, hand: Map<string, number>, what: Step): Promise<void> {
  const { dana, olivia, act, done } = panes();
  const visits = toCome(await visitsOf(series));
  const pick = (nth: number) => visits[nth % Math.max(1, visits.length)];
  const from = 'ahead' in what ? today.add({ days: what.ahead }).toString() : '';
  const change = (data: Record<string, unknown>) =>
    act(dana, 'series.update', { series_id: series, from, ...data }).catch(() => undefined);
  const forget = () => {
    for (const { reference, occurrence_on } of visits) if (occurrence_on >= from) hand.delete(reference);
  };
  if (what.kind === 'time') {
    await change({ start_time: `${String(what.hour).padStart(2, '0')}:00`, also_changed: what.also });
    if (what.also) forget();
  }
  if (what.kind === 'rhythm') {
    await change({ rule: `every ${what.weeks} weeks`, also_changed: what.also });
    if (what.also) forget();
  }
  if (what.kind === 'crew') await change({ technician_ids: [what.who] });
  if (what.kind === 'end') await act(dana, 'series.end', { series_id: series, from }).catch(() => undefined);
  if (what.kind === 'close')
    await done(olivia, 'organization.update_settings', {
      business_hours: { ...openWeek, [what.weekday]: [] },
    });
  if (what.kind === 'wait') {
    today = today.add({ days: what.days });
    await morning();
  }
  if (!('nth' in what)) return;
  const visit = pick(what.nth);
  if (!visit) return;
  if (what.kind === 'skip' || what.kind === 'cancel') {
    if (what.kind === 'skip') await done(dana, 'series.skip', { series_id: series, on: visit.reference });
    else await done(dana, 'ticket.cancel', { ticket_id: visit.reference });
    hand.delete(visit.reference);
  }
  if (what.kind === 'move') {
    const scheduled_at = `${visit.occurrence_on}T${String(what.hour).padStart(2, '0')}:20`;
    const moved = await act(dana, 'ticket.reschedule', { ticket_id: visit.reference, scheduled_at }).catch(
      () => undefined,
    );
    if (moved) hand.set(visit.reference, at(visit.occurrence_on, scheduled_at.slice(11)));
  }
  if (what.kind === 'busy') {
    const scheduled_at = `${Temporal.PlainDate.from(visit.occurrence_on).add({ weeks: 4 })}T09:30`;
    const facts = { contact_id: 'C-1002', duration_minutes: 120, technician_ids: ['Theo'] };
    await act(dana, 'ticket.create', { ...facts, scheduled_at }).catch(() => undefined);
  }
}

async function check(reference: string, hand: ReadonlyMap<string, number>): Promise<void> {
  const [visits, series] = await Promise.all([visitsOf(reference), seriesOf(reference)]);
  const living = visits.filter(({ status }) => status !== 'cancelled');
  const dates = living.map(({ occurrence_on }) => occurrence_on);
  expect([...new Set(dates)]).toEqual(dates);
  for (const [moved, when] of hand)
    expect([moved, Date.parse(visits.find(visit => visit.reference === moved)?.scheduled_at ?? '')]).toEqual([
      moved,
      when,
    ]);
  if (series.status === 'active') {
    const wanted = wantedOf(series);
    const known = visits.map(({ occurrence_on }) => occurrence_on);
    expect(wanted.filter(date => !known.includes(date))).toEqual([]);
    for (const visit of toCome(living)) {
      if (hand.has(visit.reference)) continue;
      expect([visit.reference, visit.occurrence_on <= (series.ends_on ?? '9999')]).toEqual([
        visit.reference,
        true,
      ]);
    }
  }
  const { rows } = await panes().database.owner.query(
    `select a.ticket_id from ticket_technicians as a join ticket_technicians as b
       on a.technician_id = b.technician_id and a.id <> b.id and a.period && b.period
     where a.is_active and b.is_active`,
  );
  expect(rows).toEqual([]);
}

test('no history of a series doubles or loses a date, sends anybody to two places or changes what was set by hand', async () => {
  const { dana, olivia, done } = panes();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async steps => {
      await done(olivia, 'organization.update_settings', { business_hours: openWeek });
      await morning();
      const { reference } = await done(dana, 'series.create', {
        contact_id: 'C-1001',
        rule: 'weekly',
        starts_on: today.add({ days: 1 }).toString(),
        start_time: '09:00',
        duration_minutes: 60,
        technician_ids: ['Theo'],
      });
      const series = String(reference);
      const hand = new Map<string, number>();
      for (const what of steps) {
        await take(series, hand, what);
        await check(series, hand);
      }
      today = today.add({ days: 17 });
      await morning();
      await check(series, hand);
      if ((await seriesOf(series)).status === 'active')
        await done(dana, 'series.end', { series_id: series, also_changed: true });
    }),
    { numRuns: examples(12) },
  );
});
