import { Temporal } from 'temporal-polyfill';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { localTime } from '../kernel/words/time.ts';
import { cancelVisit } from '../tickets/cancel.ts';
import { settleMails } from '../tickets/cycle.ts';
import { keepOnly, partsOf, replaceLines, sendCrew } from '../tickets/parts.ts';
import { stampOf } from '../tickets/stamp.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { changedByHand } from './by-hand.ts';
import { datesOf } from './dates.ts';
import { horizonOf, type LineToMake, linesOf, makeOn, periodOf, whyNot } from './make.ts';
import { lockVisits, type Visit } from './queries.ts';
import type { Series } from './record.ts';

interface Change {
  before: Series;
  /** The series as it is from `from` on. */
  series: Series;
  from: string;
  /** Visits that were changed by hand follow too. */
  also_changed: boolean;
}

/**
 * Makes the visits from a date on what the series says now. A visit of a date that stays is changed in place; others are moved
 * to the nearest new date, so that a customer's visit stays the same one; what is left over is cancelled, and what is missing
 * is made. One that was changed by hand stays as it is and stands for the date nearest to its own. Answers those that stay.
 */
export async function replan(context: Context, change: Change): Promise<string[]> {
  const { series, from, also_changed } = change;
  const visits = await lockVisits(context, series.id, from);
  const open = visits.filter(visit => isToCome(context, visit));
  const byHand = await changedByHand(context, open);
  const stays = (visit: Visit) => byHand.has(visit.id) && !also_changed;
  const standing = new Set(open.map(({ occurrence_on }) => occurrence_on));
  const settled = visits.map(({ occurrence_on }) => occurrence_on).filter(date => !standing.has(date));
  const until = latest(horizonOf(context), change.before.made_until ?? from);
  const dates = datesOf(series, from, until).filter(date => !settled.includes(date));
  const { pairs, over, missing } = pairUp(open, dates);
  const lines = await linesOf(context, series);
  for (const visit of over)
    if (!stays(visit)) await cancelVisit(context, visit.id, `${series.reference} was changed`);
  for (const [visit, date] of pairs) {
    if (!stays(visit))
      await writeVisit(context, change, { visit, date, lines, isByHand: byHand.has(visit.id) });
    else if (visit.occurrence_on !== date)
      await updateRow(context, ticketRecord, visit.id, { occurrence_on: date });
  }
  await makeOn(context, series, missing);
  return open.filter(stays).map(visit => sayVisit(context, visit));
}

/** `T-2009 Thu 2027-01-14 10:00 -06:00` */
export const sayVisit = ({ organization }: Context, { reference, scheduled_at }: Visit): string =>
  `${reference} ${localTime(scheduled_at, organization.time_zone)}`;

/** Whether a visit has not begun: what has, the past and the present, a series does not change. */
export const isToCome = ({ now }: Context, { status, scheduled_at }: Visit): boolean =>
  status === 'scheduled' && Date.parse(scheduled_at) > now.epochMilliseconds;

const latest = (a: string, b: string): string => (a > b ? a : b);

/** Gives visits the dates they have, the others the nearest ones that are left. */
function pairUp(visits: readonly Visit[], dates: readonly string[]) {
  const pairs: [Visit, string][] = [];
  const left = new Set(dates);
  const over = new Set(visits);
  const take = (visit: Visit, date: string) => {
    if (!over.has(visit) || !left.has(date)) return;
    over.delete(visit);
    left.delete(date);
    pairs.push([visit, date]);
  };
  for (const visit of visits) take(visit, visit.occurrence_on);
  const near = [...over]
    .flatMap(visit => [...left].map(date => ({ visit, date, days: daysBetween(visit.occurrence_on, date) })))
    .sort((a, b) => a.days - b.days);
  for (const { visit, date } of near) take(visit, date);
  return { pairs, over: [...over], missing: [...left] };
}

const daysBetween = (a: string, b: string): number =>
  Math.abs(Temporal.PlainDate.from(a).until(Temporal.PlainDate.from(b)).days);

interface Written {
  visit: Visit;
  date: string;
  lines: readonly LineToMake[];
  isByHand: boolean;
}

/** Makes a visit what its series says of a date; prices that were agreed on then stay unless the services change. */
async function writeVisit(context: Context, { before, series }: Change, written: Written): Promise<void> {
  const { visit, date, lines, isByHand } = written;
  const period = periodOf(context, series, date);
  const why = await whyNot(context, series, { date, exceptTicket: visit.id });
  const crew = why === undefined ? series.technician_ids : [];
  const parts = await partOf(context, visit.id);
  await keepOnly(context, visit.id, parts, crew);
  const isRelined = isByHand || JSON.stringify(before.lines) !== JSON.stringify(series.lines);
  if (isRelined) await replaceLines(context, visit.id, parts.lines, lines);
  const facts = {
    scheduled_at: period.from,
    duration_minutes: series.duration_minutes,
    address_id: series.address_id,
  };
  const kept = isRelined ? lines : parts.lines;
  const isMoved = Date.parse(visit.scheduled_at) !== Date.parse(period.from);
  const moved = await updateRow(context, ticketRecord, visit.id, {
    ...facts,
    ends_at: period.to,
    occurrence_on: date,
    as_planned: stampOf({ ...facts, lines: kept, technician_ids: crew }),
    to_place_why: why ?? null,
    ...(isRelined ? { is_price_estimated: lines.some(({ is_open }) => is_open) } : {}),
    ...(visit.notes === before.notes ? { notes: series.notes } : {}),
    // What the customer agreed to was the old time.
    ...(isMoved
      ? { confirmation_status: 'not_sent' as const, told_at: null, answered_at: null, asked_for_at: null }
      : {}),
  });
  await settleMails(context, moved, { is_new_time: isMoved });
  await sendCrew(context, visit.id, crew);
  const { technician_ids: technicianIds } = parts;
  const isShorter = series.duration_minutes < visit.duration_minutes;
  if (isMoved || isShorter || technicianIds.some(id => !crew.includes(id)))
    await tellOfGap(context, [{ technicianIds, from: visit.scheduled_at, to: endOf(visit) }]);
}

const endOf = ({ scheduled_at, duration_minutes }: Visit): string =>
  Temporal.Instant.from(scheduled_at).add({ minutes: duration_minutes }).toString();

async function partOf(context: Context, id: string) {
  const parts = (await partsOf(context, [id])).get(id);
  if (!parts) throw new Error('a visit that is held has no parts');
  return parts;
}
