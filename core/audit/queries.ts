import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** One entry of the audit trail (AUD-02, CFL-23). */
export const auditRow = z.object({
  id: z.string(),
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  user_id: z.string().nullable(),
  reasoning: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: z.string(),
});

/** Adds an entry about a customer. */
export async function insertEntry(
  context: ReadContext,
  contactId: string,
  action: string,
  changes: Record<string, unknown>,
): Promise<string> {
  const { id } = await context.tx.one(
    z.object({ id: z.string() }),
    sql`select log_audit('contact', ${contactId}::uuid, ${action}, ${JSON.stringify(changes)}::jsonb) as id`,
  );
  return id;
}
