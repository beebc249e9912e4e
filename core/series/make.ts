import { Temporal } from 'temporal-polyfill';
import { newId } from '../kernel/database/ids.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { insertRow, listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { lineTotal } from '../kernel/words/money.ts';
import { todayOf } from '../kernel/words/time.ts';
import { bookableMembers } from '../members/bookable.ts';
import { openSpans, weekdayOf } from '../scheduling/business-hours.ts';
import { keptPostalCode } from '../scheduling/drives.ts';
import { serviceRecord } from '../services/service.ts';
import { type Period, whyNotFree } from '../tickets/assignment.ts';
import { replaceLines, sendCrew } from '../tickets/parts.ts';
import { minutesOf } from '../tickets/pricing.ts';
import { stampOf } from '../tickets/stamp.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { datesOf, startOn } from './dates.ts';
import { lockVisits } from './queries.ts';
import type { Series } from './record.ts';
import { seriesRecord } from './series.ts';
import { seriesHorizonWeeks } from './settings.ts';

/** The last day for which visits are made now. */
export const horizonOf = (context: ReadContext): string =>
  todayOf(context)
    .add({ weeks: settingOf(context, seriesHorizonWeeks) })
    .toString();

/**
 * Makes the visits of a series that its rule asks for and that are not there yet, from today until a day. The caller holds the
 * series, so of two at once the second finds them made; whatever happened to a visit that was made, its date is not made
 * again. Answers the new visits.
 */
export async function makeVisits(
  context: Context,
  series: Series,
  until = horizonOf(context),
): Promise<Made[]> {
  const today = todayOf(context).toString();
  const known = new Set(
    (await lockVisits(context, series.id, today)).map(({ occurrence_on }) => occurrence_on),
  );
  const dates = datesOf(series, today, until).filter(date => !known.has(date));
  const made = await makeOn(context, series, dates);
  if (series.made_until === null || series.made_until < until)
    await updateRow(context, seriesRecord, series.id, { made_until: until });
  return made;
}

export interface Made {
  id: string;
  reference: string;
  why: string | undefined;
}

/** Makes the visits of some dates, those left out whose hour is past. */
export async function makeOn(context: Context, series: Series, dates: readonly string[]): Promise<Made[]> {
  const { now, organization } = context;
  const lines = await linesOf(context, series);
  const made: Made[] = [];
  for (const date of dates) {
    if (Temporal.Instant.compare(startOn(series, date, organization.time_zone), now) > 0)
      made.push(await makeVisit(context, series, { date, lines }));
  }
  return made;
}

/** A line of a visit as it is made; `is_open`: nobody has set its price yet. */
export type LineToMake = Parameters<typeof replaceLines>[3][number] & { is_open: boolean };

async function makeVisit(
  context: Context,
  series: Series,
  { date, lines }: { date: string; lines: readonly LineToMake[] },
): Promise<Made> {
  const id = newId();
  const period = periodOf(context, series, date);
  const why = await whyNot(context, series, { date });
  const technician_ids = why === undefined ? series.technician_ids : [];
  const facts = {
    scheduled_at: period.from,
    duration_minutes: series.duration_minutes,
    address_id: series.address_id,
  };
  const { reference } = await insertRow(context, ticketRecord, {
    id,
    contact_id: series.contact_id,
    ...facts,
    ends_at: period.to,
    is_price_estimated: lines.some(({ is_open }) => is_open),
    currency: context.organization.currency,
    notes: series.notes,
    series_id: series.id,
    occurrence_on: date,
    as_planned: stampOf({ ...facts, lines, technician_ids }),
    to_place_why: why ?? null,
  });
  await replaceLines(context, id, [], lines);
  await sendCrew(context, id, technician_ids);
  return { id, reference, why };
}

/** When the visit of a date is. */
export function periodOf({ organization }: ReadContext, series: Series, date: string): Period {
  const starts = startOn(series, date, organization.time_zone);
  return { from: starts.toString(), to: starts.add({ minutes: series.duration_minutes }).toString() };
}

/**
 * Why nobody can be sent on a date: the business is closed then, or who is to go is busy or not here any more. Undefined when
 * all is well.
 */
export async function whyNot(
  context: Context,
  series: Series,
  { date, exceptTicket }: { date: string; exceptTicket?: string },
): Promise<string | undefined> {
  const period = periodOf(context, series, date);
  if (isClosed(context, period, date) && !(await haveOwnHours(context, series.technician_ids, date)))
    return `we are closed then`;
  const postal_code = series.address_id === null ? null : await keptPostalCode(context, series.address_id);
  return whyNotFree(context, series.technician_ids, { ...period, postal_code }, exceptTicket);
}

/** Whether everybody of a crew works by hours of their own on that day, whatever those of the business are. */
async function haveOwnHours(context: ReadContext, ids: readonly string[], date: string): Promise<boolean> {
  const crew = (await bookableMembers(context)).filter(({ id }) => ids.includes(id));
  const day = weekdayOf(Temporal.PlainDate.from(date));
  return crew.length > 0 && crew.every(({ working_hours }) => working_hours?.[day] !== undefined);
}

function isClosed({ organization }: ReadContext, period: Period, date: string): boolean {
  const { business_hours, time_zone } = organization;
  // A business that says no hours at all is never closed.
  if (Object.values(business_hours).every(spans => spans.length === 0)) return false;
  const day = Temporal.PlainDate.from(date);
  const spans = openSpans(business_hours, time_zone, day, day);
  return !spans.some(({ from, to }) => from <= Date.parse(period.from) && Date.parse(period.to) <= to);
}

/**
 * The lines of a visit that is made now: what was agreed on, and for the rest what the price list says. A service that left
 * the list goes on under the name and price it was agreed on with.
 */
export async function linesOf(context: ReadContext, { lines }: Pick<Series, 'lines'>): Promise<LineToMake[]> {
  const ids = lines.map(({ service_id }) => service_id);
  const services = new Map((await listByIds(context, serviceRecord, ids)).map(each => [each.id, each]));
  return lines.map(line => {
    const service = services.get(line.service_id);
    const price = line.unit_price_cents ?? service?.price_cents ?? undefined;
    return {
      service_id: line.service_id,
      description: line.description ?? service?.name ?? line.name,
      pricing: service?.pricing ?? line.pricing,
      quantity: line.quantity,
      unit_price_cents: price ?? 0,
      total_cents: lineTotal(line.quantity, price ?? 0),
      duration_minutes: minutesOf({ quantity: line.quantity, ...givenMinutes(line) }, service) ?? null,
      is_open: price === undefined,
    };
  });
}

const givenMinutes = ({ duration_minutes }: Series['lines'][number]) =>
  duration_minutes === null ? {} : { duration_minutes };
