import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const secretRow = z.object({
  id: z.string(),
  name: z.string(),
  set_at: z.string(),
  /** Who set it; unknown for those set before this was written down. */
  set_by: z.string().nullable(),
});

/** Which secrets the business has, since when and by whom; what they are stays sealed. */
export const listSet = (context: ReadContext) =>
  context.tx.many(
    secretRow,
    sql`
    select id, name, set_at, set_by
    from secrets
    where organization_id = ${context.organization.id}::uuid
    order by name`,
  );

/** An entry in the history: who did it and when, never what the secret is. */
export async function logSecret(context: ReadContext, verb: string, id: string, name: string): Promise<void> {
  const changes = { name: { old: null, new: name } };
  await context.tx.run(
    sql`select log_audit('secret', ${id}::uuid, ${verb}, ${JSON.stringify(changes)}::jsonb)`,
  );
}
