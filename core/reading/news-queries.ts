import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ticketRecord } from '../tickets/ticket.ts';

// What changed about visits since a moment. Reads audit_log, tickets, ticket_technicians and members.

const newsEntry = z.object({
  ticket_id: z.string(),
  reference: z.string(),
  scheduled_at: z.string(),
  technicians: z.array(z.string()),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
  /** Whether who asks sees the visit; else it is told only that they were taken off it. */
  is_seen: z.boolean(),
});
export type NewsEntry = z.infer<typeof newsEntry>;

const newsRow = z.object({ newest: z.string(), told: z.array(newsEntry) });

const mostTold = 40;

/**
 * The newest entry of the trail, and what others did to visits since: one statement along the key of the trail. Nothing new
 * is one look into that index. A technician is told of their own visits, and of one they do not go to any more.
 */
export async function findNews(context: ReadContext, since: string | undefined) {
  const { tx, organization, actor } = context;
  const mine = ticketRecord.restrict?.(context);
  const sight = mine
    ? sql`(${mine} or e.changes -> 'technician_id' ->> 'old' = ${actor.id}::text)`
    : sql`true`;
  const found = await tx.many(
    newsRow,
    sql`
    select n.id as newest, coalesce(t.told, '[]') as told
    from (
      select id
      from audit_log
      where organization_id = ${organization.id}::uuid
      order by id desc
      limit 1
    ) as n
    left join lateral (
      select jsonb_agg(to_jsonb(news) order by news.id) as told
      from (
        select e.id, r.id as ticket_id, r.reference, r.scheduled_at, e.action, e.changes,
          array(
            select m.name
            from ticket_technicians as g
            join members as m on m.organization_id = g.organization_id and m.id = g.technician_id
            where g.organization_id = r.organization_id
              and g.ticket_id = r.id
            order by m.name
          ) as technicians
        from audit_log as e
        join tickets as r on r.organization_id = e.organization_id and r.id = e.entity_id
        where e.organization_id = ${organization.id}::uuid
          and e.id > ${since ?? null}::uuid
          and e.entity_type = 'ticket'
          and e.user_id is distinct from ${actor.id}::uuid
          and e.action in ('create', 'update', 'assign_technician', 'unassign_technician')
          and ${sight}
        order by e.id
        limit ${mostTold}::integer
      ) as news
    ) as t on n.id > ${since ?? null}::uuid`,
  );
  return found[0];
}
