import { z } from 'zod';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import { hasService } from '../reading/visit-parts.ts';

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

/** A visit in the timeline of its customer: when it is, what was or will be done, and who goes. */
export const visitInTimeline: TimelineEntry = {
  kind: 'visit',
  at: sql`r.scheduled_at`,
  what: sql`concat('visit ', r.status)`,
  text: sql`(
    select string_agg(l.description, ', ' order by l.position)
    from ticket_lines as l
    where l.organization_id = r.organization_id
      and l.ticket_id = r.id
      and l.deleted_at is null
  )`,
  actor: sql`(
    select string_agg(m.name, ', ' order by m.name)
    from ticket_technicians as p
    join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
    where p.organization_id = r.organization_id
      and p.ticket_id = r.id
  )`,
};
