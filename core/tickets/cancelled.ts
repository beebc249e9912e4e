import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { dayBounds, readDay } from '../kernel/words/time.ts';

// A list of visits goes by when they were to be; who asks who cancelled last week means when that was done.

/** Visits that were cancelled on this day or later. */
export const cancelledSince = ({ organization }: ReadContext, text: string): Sql =>
  sql`cancelled_at >= ${dayBounds(readDay(text, 'cancelled_from'), organization.time_zone).from.toString()}::timestamptz`;

/** Visits that were cancelled on this day or earlier. */
export const cancelledUntil = ({ organization }: ReadContext, text: string): Sql =>
  sql`cancelled_at < ${dayBounds(readDay(text, 'cancelled_to'), organization.time_zone).to.toString()}::timestamptz`;

/** Whoever lists what was cancelled is told where it says when and why: most lists have no use for that. */
export function tellOfCancelled(context: ReadContext, params: Record<string, unknown>): Promise<void> {
  if (
    params.status === 'cancelled' ||
    params.cancelled_from !== undefined ||
    params.cancelled_to !== undefined
  )
    context.warn(
      'from and to are days of the visit; cancelled_from and cancelled_to are days of cancelling. fields cancelled_at and cancel_reason say when and why.',
    );
  return Promise.resolve();
}
