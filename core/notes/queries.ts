import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const movable = z.object({ id: z.string(), deleted_at: z.string().nullable() });

/** The notes of a lead that have another customer, deleted ones too; those of a visit keep the customer of the visit. */
export function listMovable(context: ReadContext, leadId: string, contactId: string | null) {
  return context.tx.many(
    movable,
    sql`
    select id, deleted_at
    from notes
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
      and ticket_id is null
      and contact_id is distinct from ${contactId}::uuid
    order by id`,
  );
}

/** Gives a deleted note a customer, should it come back. */
export async function moveDeleted(context: ReadContext, id: string, contactId: string | null): Promise<void> {
  await context.tx.run(sql`
    update notes
    set contact_id = ${contactId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and deleted_at is not null`);
}
