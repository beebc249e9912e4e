import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const recipient = z.object({
  full_name: z.string(),
  email: z.string().nullable(),
  status: z.string(),
  email_opt_in: z.boolean().nullable(),
  deleted_at: z.string().nullable(),
});
export type Recipient = z.infer<typeof recipient>;

/** The customer a message goes to, deleted ones too, kept as they are until this transaction ends. */
export function findRecipient(context: ReadContext, contactId: string): Promise<Recipient | undefined> {
  return context.tx.maybe(
    recipient,
    sql`
    select full_name, email, status, email_opt_in, deleted_at
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and id = ${contactId}::uuid
    for share`,
  );
}

/** The customer of a visit; undefined when there is no such visit. */
export async function findVisitCustomer(context: ReadContext, ticketId: string): Promise<string | undefined> {
  const row = await context.tx.maybe(
    z.object({ contact_id: z.string() }),
    sql`
    select contact_id
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and id = ${ticketId}::uuid`,
  );
  return row?.contact_id;
}
