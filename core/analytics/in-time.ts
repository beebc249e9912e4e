import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { budgets } from '../kernel/words/budgets.ts';
import { DeskhandError, sqlState } from '../kernel/words/errors.ts';

/**
 * An analysis looks at many rows, and nothing else waits for it: one that takes too long is stopped, and is an error of its own
 * call, never zeros (ANA-05). Throws TIMEOUT with what to do.
 */
export async function inTime<T>({ tx }: ReadContext, work: () => Promise<T>): Promise<T> {
  tx.send(sql`select set_config('statement_timeout', ${String(budgets.analysis_ms)}, true)`);
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
