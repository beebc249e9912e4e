import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';

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

/** Adds an entry about a living contact; NOT_FOUND when there is none. */
export async function insertEntry(
  context: ReadContext,
  {
    subject,
    id,
    action,
    changes,
  }: { subject: 'contact'; id: string; action: string; changes: Record<string, unknown> },
): Promise<string> {
  const row = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select log_audit(${subject}, c.id, ${action}, ${JSON.stringify(changes)}::jsonb) as id
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.id = ${id}::uuid
      and c.deleted_at is null`,
  );
  if (!row) throw notFound(subject, id, { field: 'contact_id' });
  return row.id;
}
