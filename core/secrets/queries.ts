import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

export const secretRow = z.object({
  id: z.string(),
  name: z.string(),
  set_at: z.string(),
  /** Who set it; unknown for those set before this was written down. */
  set_by: z.string().nullable(),
});

/** Which secrets the business has, since when and by whom; what they are stays sealed. */
export const listSet = (context: ReadContext) =>
  pickRows(context, { from: 'secrets', soft_deletes: false }, secretRow, sql`true order by name`);
