import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';

/** The customer of a visit. */
export async function findTicketContact(context: ReadContext, ticketId: string): Promise<string> {
  const row = await context.tx.maybe(
    z.object({ contact_id: z.string() }),
    sql`
    select contact_id
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and id = ${ticketId}::uuid`,
  );
  if (!row) throw notFound('ticket', ticketId, { field: 'ticket_id' });
  return row.contact_id;
}
