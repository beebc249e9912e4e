import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';
import { day, dayBounds, localTime, readDay } from '../kernel/words/time.ts';
import { calendarRow, listCalendar, totalsOfCalendar } from './calendar-queries.ts';

/** The visits of a day, a week or a month, by time (SCH-02, SCH-10). Technicians see their own. */
export const calendar = defineView({
  type: 'calendar',
  domain: 'scheduling',
  summary:
    'Visits of a day, week or month in local time, today when no day is given, with customer, address, services and technicians.',
  keywords: ['schedule', 'today', 'tomorrow', 'week', 'agenda', 'day plan'],
  often: { rank: 1 },
  card: 'day',
  row: calendarRow.extend({ local: z.string() }),
  params: z.strictObject({
    from: day.optional(),
    to: day.optional(),
    contact_id: ref('contact').optional(),
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
  totals: 'count, total_cents; by status, day, technician',
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params, limit, cursor, totals }) {
    const { time_zone } = context.organization;
    const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
    const first = params.from === undefined ? today : readDay(params.from, 'from');
    const last = params.to === undefined ? first : readDay(params.to, 'to');
    const own = context.actor.role === 'technician' ? (context.actor.id ?? undefined) : undefined;
    const after = readOffset(cursor);
    const wanted = {
      from: dayBounds(first, time_zone).from.toString(),
      to: dayBounds(last, time_zone).to.toString(),
      technicianId: own ?? params.technician_id,
      contactId: params.contact_id,
    };
    const rows = await listCalendar(context, { ...wanted, limit: limit + 1, after });
    const page = rows.slice(0, limit).map(row => ({ ...row, local: localTime(row.scheduled_at, time_zone) }));
    return {
      rows: page,
      ...(rows.length > limit ? { next_cursor: String(after + limit) } : {}),
      ...(totals ? { totals: await totalsOfCalendar(context, wanted) } : {}),
    };
  },
});

// A month of visits is short and does not grow while it is paged through: an offset is enough here.
function readOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^\d{1,6}$/.test(cursor)) return Number(cursor);
  throw strangeCursor();
}
