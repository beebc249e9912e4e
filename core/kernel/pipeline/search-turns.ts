import { Turns } from '../outside/turns.ts';
import { budgets } from '../words/budgets.ts';
import { DeskhandError } from '../words/errors.ts';
import { keyOfCaller } from './authenticate.ts';
import type { Caller } from './context.ts';

/** Lets a caller have some searches at a time, and all together fewer than there are connections to the database. */
export type SearchTurns = <T>(caller: Caller, work: () => Promise<T>) => Promise<T>;

/**
 * Everybody's share of the search: whoever asks for many at once waits for their own, and nobody else does. A search ends by
 * itself (`budgets.search_ms`). Throws RATE_LIMITED when too many of one caller wait already.
 */
export function shareSearches(): SearchTurns {
  const own = new Turns({ atOnce: budgets.searches_at_once, waiting: budgets.searches_waiting });
  const all = new Turns({ atOnce: budgets.searches_of_all, waiting: budgets.searches_of_all_waiting });
  return (caller, work) => own.take(keyOfCaller(caller), tooMany, () => all.take('', tooMany, work));
}

const tooMany = () =>
  new DeskhandError('RATE_LIMITED', 'Too many searches wait for their turn.', {
    retry_after_seconds: 2,
    hint: 'Wait for the answers of those under way, then search again, for fewer things at a time.',
  });
