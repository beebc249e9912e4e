import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import { day, dayBounds, localTime, readDay } from '../kernel/words/time.ts';
import { calendarRow, listCalendar } from './calendar-queries.ts';

const ranges = ['day', 'week', 'month'] as const;
export type CalendarRange = (typeof ranges)[number];

/** The visits of a day, a week or a month, by time (SCH-02, SCH-10). Technicians see their own. */
export const calendar = defineView({
  type: 'calendar',
  domain: 'scheduling',
  summary: 'Visits of a day, week or month in local time, with customer, address, services and technicians.',
  keywords: ['schedule', 'today', 'tomorrow', 'week', 'agenda', 'day plan'],
  row: calendarRow.extend({ local: z.string() }),
  params: z.strictObject({
    date: day.optional(),
    range: z.enum(ranges).optional(),
    technician_id: ref('member').optional(),
  }),
  default_fields: [
    'reference',
    'local',
    'duration_minutes',
    'status',
    'confirmation_status',
    'customer',
    'phone',
    'address',
    'services',
    'technicians',
    'total_cents',
  ],
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params, limit, cursor }) {
    const { time_zone } = context.organization;
    const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
    const date = params.date === undefined ? today : readDay(params.date, 'date');
    const [first, last] = spanOf(date, params.range ?? 'day');
    const own = context.actor.role === 'technician' ? (context.actor.id ?? undefined) : undefined;
    const after = readOffset(cursor);
    const rows = await listCalendar(context, {
      from: dayBounds(first, time_zone).from.toString(),
      to: dayBounds(last, time_zone).to.toString(),
      technicianId: own ?? params.technician_id,
      limit: limit + 1,
      after,
    });
    const page = rows.slice(0, limit).map(row => ({ ...row, local: localTime(row.scheduled_at, time_zone) }));
    return { rows: page, ...(rows.length > limit ? { next_cursor: String(after + limit) } : {}) };
  },
});

/** First and last day of the day, the week (from Monday) or the month that a day lies in. */
export function spanOf(date: Temporal.PlainDate, range: CalendarRange) {
  if (range === 'week') {
    const monday = date.subtract({ days: date.dayOfWeek - 1 });
    return [monday, monday.add({ days: 6 })] as const;
  }
  if (range === 'month') return [date.with({ day: 1 }), date.with({ day: date.daysInMonth })] as const;
  return [date, date] as const;
}

// A month of visits is short and does not grow while it is paged through: an offset is enough here.
function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,6}$/.test(cursor)) return Number(cursor);
  throw strangeCursor();
}
