import type { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';

/** A moment something has to be done at. Throws VALIDATION_ERROR for one that is past. */
export function requireToCome(
  context: Pick<ReadContext, 'now'>,
  at: Temporal.Instant,
  field: string,
): Temporal.Instant {
  if (at.epochMilliseconds > context.now.epochMilliseconds) return at;
  throw invalid(field, 'This time is past.', { got: at.toString(), hint: 'Choose a time to come.' });
}
