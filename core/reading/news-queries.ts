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
 * is one look into that index. A technician is told of their own visits, and of one they do not go to any more: of that the
 * time that it had for them, never the one it got afterwards.
 */
export async function findNews(context: ReadContext, since: string | undefined) {
  const { tx, organization, actor } = context;
  const mine = ticketRecord.restrict?.(context);
  const isSeen = mine ? sql`coalesce(${mine}, false)` : sql`true`;
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
        select e.id, r.id as ticket_id, r.reference, e.action, e.changes, ${isSeen} as is_seen,
          case when ${isSeen} then to_jsonb(r.scheduled_at) #>> '{}' else coalesce(before.at, to_jsonb(r.scheduled_at) #>> '{}') end
            as scheduled_at,
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
        left join lateral (
          select l.changes -> 'scheduled_at' ->> 'old' as at
          from audit_log as l
          where l.organization_id = e.organization_id
            and l.subject_type = e.subject_type
            and l.subject_id = e.subject_id
            and l.entity_id = e.entity_id
            and (l.id > e.id or l.request_id = e.request_id)
            and l.changes -> 'scheduled_at' ->> 'old' is not null
            and not ${isSeen}
          order by l.id
          limit 1
        ) as before on true
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
