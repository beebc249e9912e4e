import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

const movable = z.object({ id: z.string(), deleted_at: z.string().nullable() });

/** The notes of a lead that have another customer, deleted ones too; those of a visit keep the customer of the visit. */
export const listMovable = (context: ReadContext, leadId: string, contactId: string | null) =>
  pickRows(
    context,
    { from: 'notes', soft_deletes: false },
    movable,
    sql`lead_id = ${leadId}::uuid and ticket_id is null and contact_id is distinct from ${contactId}::uuid order by id`,
  );

/** Gives a deleted note a customer, should it come back. */
export async function moveDeleted(context: ReadContext, id: string, contactId: string | null): Promise<void> {
  await context.tx.run(sql`
    update notes
    set contact_id = ${contactId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and deleted_at is not null`);
}

const idRow = z.object({ id: z.string() });

/** Notes of an import whose facts nobody has looked for, locked; those somebody is reading now are left out. */
export const lockUnread = (context: ReadContext, importId: string, limit: number) =>
  pickRows(
    context,
    { from: 'notes', soft_deletes: true },
    idRow,
    sql`import_batch_id = ${importId}::uuid
      and extraction_status in ('none', 'pending')
      and contact_id is not null
    order by id
    limit ${limit}::integer
    for no key update skip locked`,
  );

const beginning = z.object({ lead_id: z.string(), content: z.string() });

/** The beginnings of the living notes of some leads, newest first. */
export function listOfLeads(context: ReadContext, leadIds: readonly string[]) {
  return context.tx.many(
    beginning,
    sql`
    select lead_id, left(content, 2000) as content
    from notes
    where organization_id = ${context.organization.id}::uuid
      and lead_id = any (${[...leadIds]}::uuid[])
      and deleted_at is null
    order by id desc`,
  );
}
