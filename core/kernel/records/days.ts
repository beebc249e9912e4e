import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { View } from '../registry/define.ts';
import { invalid } from '../words/errors.ts';
import { day, readDay, todayOf } from '../words/time.ts';

const ranges = ['day', 'week', 'month'] as const;
export type DayRange = (typeof ranges)[number];

/** Besides `from` and `to`: a day, and how much around it. */
const aroundDay = { date: day.optional(), range: z.enum(ranges).optional() };

/** First and last day of the day, the week (from Monday) or the month that a day lies in. */
export function spanOf(date: Temporal.PlainDate, range: DayRange) {
  if (range === 'week') {
    const monday = date.subtract({ days: date.dayOfWeek - 1 });
    return [monday, monday.add({ days: 6 })] as const;
  }
  if (range === 'month') return [date.with({ day: 1 }), date.with({ day: date.daysInMonth })] as const;
  return [date, date] as const;
}

const asked = z.looseObject({ from: z.string().optional(), to: z.string().optional(), ...aroundDay });

/**
 * A list of a period, asked for in both ways there are: from a day to a day, or the day, week or month around one (today
 * when only `range` is given). Every view that has `from` and `to` takes both, so that nobody has to know which.
 */
export function withDays(spec: View): View {
  const { shape } = spec.params;
  if (!('from' in shape && 'to' in shape) || 'date' in shape) return spec;
  return {
    ...spec,
    params: z.strictObject({ ...shape, ...aroundDay }),
    run(context, query) {
      const { date, range, ...params } = asked.parse(query.params);
      if (date === undefined && range === undefined) return spec.run(context, { ...query, params });
      if (params.from !== undefined || params.to !== undefined) {
        throw invalid('date', 'Ask for date and range, or for from and to.', {
          hint: 'range is the day, week or month around date; from and to are its first and last day.',
        });
      }
      const today = todayOf(context);
      const [from, to] = spanOf(date === undefined ? today : readDay(date, 'date'), range ?? 'day');
      return spec.run(context, { ...query, params: { ...params, from: from.toString(), to: to.toString() } });
    },
  };
}
