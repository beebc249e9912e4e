import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { crewNames, serviceNames } from './visit-parts.ts';

// The visit before a visit. Reads tickets and notes.

const visitBefore = z.object({
  ticket_id: z.string(),
  reference: z.string(),
  scheduled_at: z.string(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
  note: z.string().nullable(),
});
export type VisitBefore = z.infer<typeof visitBefore>;

/**
 * Of each visit the last closed one of the same customer before it, with what was written when that one was closed. What
 * the office wrote about it is the office's.
 */
export const listVisitsBefore = (
  context: ReadContext,
  ticketIds: readonly string[],
): Promise<VisitBefore[]> =>
  context.tx.many(
    visitBefore,
    sql`
    select w.id as ticket_id, t.reference, t.scheduled_at, ${serviceNames} as services, ${crewNames} as technicians,
      (
        select n.content
        from notes as n
        where n.organization_id = t.organization_id
          and n.ticket_id = t.id
          and n.source = 'close_out'
          and n.deleted_at is null
        order by n.id desc
        limit 1
      ) as note
    from tickets as w
    cross join lateral (
      select *
      from tickets as b
      where b.organization_id = w.organization_id
        and b.contact_id = w.contact_id
        and b.id <> w.id
        and b.status = 'closed'
        and b.scheduled_at <= w.scheduled_at
      order by b.scheduled_at desc, b.id
      limit 1
    ) as t
    where w.organization_id = ${context.organization.id}::uuid
      and w.id = any (${[...ticketIds]}::uuid[])`,
  );
