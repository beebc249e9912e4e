import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { atLocal } from '../kernel/words/time.ts';
import type { Series } from './record.ts';
import { wallTimesOf } from './recurrence.ts';

export type Plan = Pick<Series, 'rule' | 'starts_on' | 'start_time' | 'ends_on' | 'skipped'>;

/** More visits than anybody makes ahead; whoever asks for more asks for something else. */
export const mostDates = 400;

/** The dates of a series from one day to another, both included; those that were left out are no dates. */
export function datesOf(plan: Plan, from: string, to: string): string[] {
  const last = plan.ends_on !== null && plan.ends_on < to ? plan.ends_on : to;
  if (last < from) return [];
  return timesOf(plan, from, { to: last, most: mostDates })
    .map(time => time.toPlainDate().toString())
    .filter(date => !plan.skipped.includes(date));
}

/** When a visit of this date begins: the time the clock on the wall shows (decision 16). */
export const startOn = (
  { start_time }: Pick<Plan, 'start_time'>,
  date: string,
  timeZone: string,
): Temporal.Instant =>
  atLocal(Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(start_time)), timeZone);

/** The next moments at which a series comes. */
export function nextMoments(
  { organization, now }: ReadContext,
  plan: Plan,
  most: number,
): Temporal.Instant[] {
  const { time_zone } = organization;
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate().toString();
  const options = {
    most: most + plan.skipped.length + 1,
    ...(plan.ends_on === null ? {} : { to: plan.ends_on }),
  };
  return timesOf(plan, today, options)
    .map(time => time.toPlainDate().toString())
    .filter(date => !plan.skipped.includes(date))
    .map(date => startOn(plan, date, time_zone))
    .filter(starts => Temporal.Instant.compare(starts, now) > 0)
    .slice(0, most);
}

function timesOf(
  { rule, starts_on, start_time }: Plan,
  from: string,
  { to, most }: { to?: string; most: number },
) {
  const start = Temporal.PlainDate.from(starts_on).toPlainDateTime(Temporal.PlainTime.from(start_time));
  const first = from > starts_on ? from : starts_on;
  return wallTimesOf(
    { rule, start },
    {
      from: Temporal.PlainDate.from(first).toPlainDateTime('00:00'),
      most,
      ...(to === undefined ? {} : { to: Temporal.PlainDate.from(to).toPlainDateTime('23:59:59') }),
    },
  );
}
