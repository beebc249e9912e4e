import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Ticket } from '../tickets/ticket.ts';

/** Whether a visit is planned for a day to come, where the business is. Work is seldom done before its day, and closing is final. */
export function isBeforeItsDay(
  context: ReadContext,
  { scheduled_at }: Pick<Ticket, 'scheduled_at'>,
): boolean {
  const { time_zone } = context.organization;
  const dayOf = (moment: Temporal.Instant) => moment.toZonedDateTimeISO(time_zone).toPlainDate();
  return Temporal.PlainDate.compare(dayOf(Temporal.Instant.from(scheduled_at)), dayOf(context.now)) > 0;
}
