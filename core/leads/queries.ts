import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

const idRow = z.object({ id: z.string() });

/** Whether the same came in by this form within the last hour. */
export async function cameInAlready(context: ReadContext, formId: string, digest: string): Promise<boolean> {
  const which = sql`form_id = ${formId}::uuid and form_digest = ${digest} and created_at > now() - interval '1 hour' limit 1`;
  return (await pickRows(context, { from: 'leads', soft_deletes: false }, idRow, which)).length > 0;
}
