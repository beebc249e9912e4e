import { z } from 'zod';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { WaitingSpec } from '../kernel/registry/waiting.ts';

const countedRow = z.object({ at: z.number(), count: z.number(), oldest_at: z.string().nullable() });

/** How many of each wait, and since when, in one statement; `at` is the place in `specs`. */
export function countAll(context: ReadContext, specs: readonly WaitingSpec[]) {
  const selects = specs.map(
    (spec, at): Sql => sql`select ${at}::integer as at, counted.* from (${spec.count(context)}) as counted`,
  );
  return context.tx.many(countedRow, join(selects, ' union all '));
}
