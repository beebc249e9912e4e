import { listAway } from '../absences/away.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { localTime, toInstant } from '../kernel/words/time.ts';
import { weekdayOf } from '../scheduling/business-hours.ts';
import { isAtWork } from '../scheduling/presence.ts';
import type { Period } from './assignment.ts';

/**
 * Says that a visit is planned for when nobody works, and when you do: it may be meant. It is booked all the same; what has
 * begun already is only written down.
 */
export async function warnOffHours(context: Context, { from, to }: Period): Promise<void> {
  if (Date.parse(from) <= context.now.epochMilliseconds) return;
  const { time_zone } = context.organization;
  const when = localTime(from, time_zone).slice(0, 20);
  if (await isAtWork(context, { from, to })) return;
  // That all are closed on that day is said by whoever finds out who could go.
  if ((await listAway(context, { memberIds: [], from, to })).length > 0) return;
  const isLate = await isAtWork(context, { from });
  const until = localTime(to, time_zone).slice(15, 20);
  const what = isLate ? `${when} to ${until} goes on after your hours` : `${when} is outside your hours`;
  context.warn(`${what}. ${hoursOn(context, from)} Move the visit if that is not meant.`);
}

/** `On Tuesdays you work from 08:00 to 17:00.` */
function hoursOn({ organization: { business_hours, time_zone } }: Context, from: string): string {
  const date = toInstant(from).toZonedDateTimeISO(time_zone).toPlainDate();
  const spans = business_hours[weekdayOf(date)];
  const day = `${date.toLocaleString('en-US', { weekday: 'long' })}s`;
  if (spans.length === 0) return `You are closed on ${day}.`;
  return `On ${day} you work from ${spans.map(span => span.join(' to ')).join(' and ')}.`;
}
