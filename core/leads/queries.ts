import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** Whether the same came in by this form within the last hour. */
export async function cameInAlready(context: ReadContext, formId: string, digest: string): Promise<boolean> {
  const { exists } = await context.tx.one(
    z.object({ exists: z.boolean() }),
    sql`
    select exists (
      select 1
      from leads
      where organization_id = ${context.organization.id}::uuid
        and form_id = ${formId}::uuid
        and form_digest = ${digest}
        and created_at > now() - interval '1 hour'
    ) as exists`,
  );
  return exists;
}

/** The open leads of a customer, and whether somebody wants to be reminded of them. */
export function listOpenOf(context: ReadContext, contactId: string) {
  return context.tx.many(
    z.object({ id: z.string(), reference: z.string(), has_reminder: z.boolean() }),
    sql`
    select id, reference, reminder_at is not null as has_reminder
    from leads
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and status in ('new', 'working', 'contacted', 'qualified')
      and deleted_at is null
    order by id`,
  );
}
