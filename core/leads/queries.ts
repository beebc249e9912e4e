import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** Makes what comes in by the same form wait for this transaction; false when the form is gone. */
export async function lockForm(context: ReadContext, formId: string): Promise<boolean> {
  const form = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from lead_forms
    where organization_id = ${context.organization.id}::uuid
      and id = ${formId}::uuid
      and deleted_at is null
    for no key update`,
  );
  return form !== undefined;
}

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
