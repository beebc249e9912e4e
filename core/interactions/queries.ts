import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

/**
 * Gives the interactions of a lead another customer, answering their ids; those of a visit keep the customer of the
 * visit.
 */
export async function moveOfLead(
  context: ReadContext,
  leadId: string,
  contactId: string | null,
): Promise<string[]> {
  const moved = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    update interactions
    set contact_id = ${contactId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
      and ticket_id is null
      and contact_id is distinct from ${contactId}::uuid
    returning id`,
  );
  return moved.map(({ id }) => id);
}

/** Answers how many. */
export function cancelPendingOfLead(
  context: ReadContext,
  leadId: string,
  which: 'all' | 'call-backs',
): Promise<number> {
  return context.tx.run(sql`
    update interactions
    set follow_up_status = 'canceled'
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
      and (${which} = 'all' or ticket_id is null)
      and follow_up_status = 'pending'
      and deleted_at is null`);
}

/** Those that were written before a moment, its own transaction included; answers how many. */
export function cancelUntouchedOfLead(context: ReadContext, leadId: string, since: string): Promise<number> {
  return context.tx.run(sql`
    update interactions
    set follow_up_status = 'canceled'
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
      and follow_up_status = 'pending'
      and date_trunc('milliseconds', updated_at) <= ${since}::timestamptz
      and deleted_at is null`);
}

const pending = z.object({ reference: z.string(), follow_up_at: z.string().nullable() });

/** The follow-ups of a lead that somebody still waits for, the earliest first. */
export const listPendingOfLead = (context: ReadContext, leadId: string) =>
  pickRows(
    context,
    { from: 'interactions', soft_deletes: true },
    pending,
    sql`lead_id = ${leadId}::uuid and follow_up_status = 'pending' order by follow_up_at, id`,
  );
