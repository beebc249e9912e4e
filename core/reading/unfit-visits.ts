import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { crewNames } from './visit-parts.ts';

// The visits to come of a customer, as somebody has to know them who says how that customer likes it. Reads tickets,
// ticket_technicians and members.

const toCome = z.object({
  reference: z.string(),
  scheduled_at: z.string(),
  technicians: z.array(z.string()).nullable(),
  technician_ids: z.array(z.string()).nullable(),
});
export type VisitToCome = z.infer<typeof toCome>;

/** The open visits of a customer that are to come, the next first; at most ten. */
export const listToCome = (context: ReadContext, contactId: string): Promise<VisitToCome[]> =>
  context.tx.many(
    toCome,
    sql`
    select t.reference, t.scheduled_at, ${crewNames} as technicians, (
        select array_agg(p.technician_id::text)
        from ticket_technicians as p
        where p.organization_id = t.organization_id and p.ticket_id = t.id
      ) as technician_ids
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      and t.contact_id = ${contactId}::uuid
      and t.status = 'scheduled'
      and t.scheduled_at > ${context.now.toString()}::timestamptz
    order by t.scheduled_at, t.id
    limit 10`,
  );
