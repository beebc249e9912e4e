import type { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { readMoment } from '../kernel/words/time.ts';

/** The start of a visit to come. Yesterday's is still taken: work is often written down the day after. */
export const readVisitTime = (context: ReadContext, text: string): Temporal.Instant =>
  readTimeAfter(context, text, context.now.subtract({ hours: 24 }));

/** The start of a visit that was. Throws VALIDATION_ERROR for a time to come. */
export function readPastTime(context: ReadContext, text: string): Temporal.Instant {
  const starts = readMoment(text, context.organization.time_zone, 'scheduled_at');
  if (starts.epochMilliseconds <= context.now.epochMilliseconds) return starts;
  throw invalid('scheduled_at', 'This time is still to come.', {
    got: text,
    hint: 'Book it with schedule_appointment or ticket.create.',
  });
}

/** The start of a visit that is still to be agreed on. Throws VALIDATION_ERROR for a time that is past. */
export const readFutureTime = (context: ReadContext, text: string): Temporal.Instant =>
  readTimeAfter(context, text, context.now);

function readTimeAfter(context: ReadContext, text: string, earliest: Temporal.Instant): Temporal.Instant {
  const starts = readMoment(text, context.organization.time_zone, 'scheduled_at');
  if (starts.epochMilliseconds >= earliest.epochMilliseconds) return starts;
  throw invalid('scheduled_at', 'This time is past.', { got: text, hint: 'Choose a time to come.' });
}
