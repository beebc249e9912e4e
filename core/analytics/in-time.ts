import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { budgets } from '../kernel/words/budgets.ts';
import { DeskhandError, sqlState } from '../kernel/words/errors.ts';

/**
 * What an analysis is worked out with: memory for its sums, which are a few rows each of many, and a plan for the days it is asked for,
 * because a plan for any days at all takes a year for a handful of visits.
 */
const means = { work_mem: '32MB', plan_cache_mode: 'force_custom_plan' } as const;

/**
 * An analysis looks at many rows, and nothing else waits for it: one that takes too long is stopped, and is an error of its own
 * call, never zeros (ANA-05). Throws TIMEOUT with what to do.
 */
export async function inTime<T>({ tx }: ReadContext, work: () => Promise<T>): Promise<T> {
  tx.send(
    sql`select set_config('statement_timeout', ${String(budgets.analysis_ms)}, true),
      set_config('work_mem', ${means.work_mem}, true), set_config('plan_cache_mode', ${means.plan_cache_mode}, true)`,
  );
  try {
    const found = await work();
    tx.send(sql`select set_config('statement_timeout', '10s', true)`);
    return found;
  } catch (error) {
    if (sqlState(error) !== '57014') throw error;
    throw new DeskhandError(
      'TIMEOUT',
      'This took too long to work out and was stopped; nothing was changed.',
      {
        hint: 'Ask for a shorter period.',
      },
    );
  }
}
