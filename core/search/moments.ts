import type { ReadContext } from '../kernel/pipeline/context.ts';
import { dayBounds, readDay } from '../kernel/words/time.ts';
import type { Calendar, Period } from './period.ts';

/** The days of the business that asks. */
export const calendarOf = ({ organization, now }: ReadContext): Calendar => ({
  today: now.toZonedDateTimeISO(organization.time_zone).toPlainDate(),
  country: organization.country,
});

/** Local days as moments in UTC. */
export function momentsIn(
  { organization }: ReadContext,
  period: Period | undefined,
): { from: string | null; to: string | null } {
  const startOf = (day: string | null | undefined) =>
    day ? dayBounds(readDay(day, 'period'), organization.time_zone).from.toString() : null;
  return { from: startOf(period?.from), to: startOf(period?.to) };
}
