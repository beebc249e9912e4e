import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { serviceNames } from './visit-parts.ts';

// What one wants to see of customers: their visits, notes, company and addresses. Reads contacts, companies, addresses, notes,
// tickets and time_entries.

const lastVisit = z.object({
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  planned_minutes: z.number(),
  actual_minutes: z.number().nullable(),
  total_cents: z.number(),
  notes: z.string().nullable(),
  services: z.array(z.string()).nullable(),
});

/** Visits that have begun, the latest first, then those to come. */
export function listVisits(context: ReadContext, contactId: string, limit: number) {
  return context.tx.many(
    lastVisit,
    sql`
    select t.reference, t.status, t.scheduled_at, t.duration_minutes as planned_minutes, t.total_cents, t.notes,
      coalesce(t.actual_minutes, (
        select (extract(epoch from max(e.clocked_out_at) - min(e.clocked_in_at)) / 60)::integer
        from time_entries as e
        where e.organization_id = t.organization_id
          and e.ticket_id = t.id
      )) as actual_minutes,
      ${serviceNames} as services
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      and t.contact_id = ${contactId}::uuid
      and t.status <> 'cancelled'
    order by t.scheduled_at > ${context.now.toString()}::timestamptz, t.scheduled_at desc
    limit ${limit}::integer`,
  );
}

const recentNote = z.object({ reference: z.string(), content: z.string(), created_at: z.string() });

export const listRecentNotes = (context: ReadContext, contactId: string, limit: number) =>
  pickRows(
    context,
    { from: 'notes', soft_deletes: true },
    recentNote,
    sql`contact_id = ${contactId}::uuid order by id desc limit ${limit}::integer`,
  );

const found = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  status: z.string(),
  company: z.string().nullable(),
  addresses: z.array(z.string()).nullable(),
  note: z.string().nullable(),
  last_visit: z.object({ reference: z.string(), scheduled_at: z.string() }).nullable(),
  next_visit: z.object({ reference: z.string(), scheduled_at: z.string() }).nullable(),
});
export type FoundCustomer = z.infer<typeof found>;

/** The first visit of the customer `c` of which something holds. */
const nearest = (which: Sql): Sql => sql`(
      select jsonb_build_object('reference', reference, 'scheduled_at', scheduled_at) as visit
      from tickets
      where organization_id = c.organization_id
        and contact_id = c.id
        and status <> 'cancelled'
        and ${which}
      limit 1
    )`;

/** What one wants to see of customers a search has found, in the order of the ids; one statement for all of them. */
export function listFound(context: ReadContext, ids: readonly string[]): Promise<FoundCustomer[]> {
  const now = context.now.toString();
  return context.tx.many(
    found,
    sql`
    select c.id, c.reference, c.full_name, c.phone, c.email, c.status, o.name as company, a.addresses,
      coalesce(c.notes, n.content) as note, l.visit as last_visit, x.visit as next_visit
    from unnest(${[...ids]}::uuid[]) with ordinality as wanted (id, place)
    join contacts as c on c.organization_id = ${context.organization.id}::uuid and c.id = wanted.id
    left join companies as o on o.organization_id = c.organization_id and o.id = c.company_id
    left join lateral (
      select array_agg(
        concat_ws(', ', line1, line2, city, nullif(concat_ws(' ', state, postal_code), '')) order by id
      ) as addresses
      from addresses
      where organization_id = c.organization_id
        and contact_id = c.id
        and deleted_at is null
    ) as a on true
    left join lateral (
      select left(content, 160) as content
      from notes
      where organization_id = c.organization_id
        and contact_id = c.id
        and deleted_at is null
      order by id desc
      limit 1
    ) as n on true
    left join lateral ${nearest(sql`scheduled_at < ${now}::timestamptz order by scheduled_at desc`)} as l on true
    left join lateral ${nearest(sql`scheduled_at >= ${now}::timestamptz order by scheduled_at`)} as x on true
    where c.deleted_at is null
    order by wanted.place`,
  );
}
