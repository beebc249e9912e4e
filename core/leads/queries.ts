import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { defineWaiting } from '../kernel/registry/waiting.ts';

/** Inquiries nobody has taken up yet. */
export const inquiriesWait = defineWaiting({
  kind: 'inquiries',
  label: 'Inquiries',
  view: 'leads',
  params: { status: 'new' },
  count: context => sql`
    select count(*)::integer as count, min(created_at) as oldest_at
    from leads
    where organization_id = ${context.organization.id}::uuid
      and status = 'new'
      and deleted_at is null`,
});

const idRow = z.object({ id: z.string() });

/** Whether the same came in by this form within the last hour. */
export async function cameInAlready(context: ReadContext, formId: string, digest: string): Promise<boolean> {
  const which = sql`form_id = ${formId}::uuid and form_digest = ${digest} and created_at > now() - interval '1 hour' limit 1`;
  return (await pickRows(context, { from: 'leads', soft_deletes: false }, idRow, which)).length > 0;
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
