import { z } from 'zod';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import { hasService, whoCancelled } from '../reading/visit-parts.ts';

const idRow = z.object({ id: z.string() });

/** Visits of a period, cancelled ones too, the latest first; with one service of each group, by id. */
export async function listVisitsIn(
  context: ReadContext,
  {
    from,
    to,
    services,
  }: { from: string | null; to: string | null; services: readonly (readonly string[])[] },
  limit: number,
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select t.id
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      ${from === null ? sql`` : sql`and t.scheduled_at >= ${from}::timestamptz`}
      ${to === null ? sql`` : sql`and t.scheduled_at < ${to}::timestamptz`}
      ${services.length > 0 ? sql`and ${join(services.map(hasService), ' and ')}` : sql``}
    order by t.scheduled_at desc, t.id
    limit ${limit}::integer`,
  );
  return rows.map(row => row.id);
}

/**
 * A visit in the timeline of its customer: when it is, what was or will be done, and who goes. One that was cancelled stands
 * where that happened, by who did it: nobody went.
 */
export const visitInTimeline: TimelineEntry = {
  kind: 'visit',
  at: sql`case when r.status = 'cancelled' then coalesce(r.cancelled_at, r.scheduled_at) else r.scheduled_at end`,
  // A visit that was moved is told once, where it is now.
  what: ({ organization }) => sql`concat(
    'visit ', r.status,
    case
      when r.status = 'cancelled'
        then to_char(r.scheduled_at at time zone ${organization.time_zone}, '", that was for" Dy YYYY-MM-DD HH24:MI')
    end,
    (
      select concat(
        ', moved from ',
        to_char(b.scheduled_at at time zone ${organization.time_zone}, 'Dy YYYY-MM-DD HH24:MI'),
        ' (', b.reference, ')'
      )
      from tickets as b
      where b.organization_id = r.organization_id and b.id = r.rescheduled_from_id
    )
  )`,
  where: sql`not exists (
    select 1
    from tickets as n
    where n.organization_id = r.organization_id and n.rescheduled_from_id = r.id
  )`,
  text: sql`(
    select string_agg(l.description, ', ' order by l.position)
    from ticket_lines as l
    where l.organization_id = r.organization_id
      and l.ticket_id = r.id
      and l.deleted_at is null
  )`,
  actor: sql`case
    when r.status = 'cancelled' then ${whoCancelled}
    else (
      select string_agg(m.name, ', ' order by m.name)
      from ticket_technicians as p
      join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
      where p.organization_id = r.organization_id
        and p.ticket_id = r.id
    )
  end`,
};

/** Visits by who goes; one of two technicians counts for both. */
export const goingBy = {
  join: sql`
    left join ticket_technicians as p on p.organization_id = r.organization_id and p.ticket_id = r.id
    left join members as m on m.organization_id = p.organization_id and m.id = p.technician_id`,
  key: sql`coalesce(m.name, 'nobody')`,
  shared: 'a visit of two technicians counts for each',
};
