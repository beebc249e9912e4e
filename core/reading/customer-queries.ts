import { z } from 'zod';
import { eachById } from '../kernel/database/each-by-id.ts';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { crewNames, serviceNames } from './visit-parts.ts';

// What one wants to see of customers: their visits, notes, company and addresses. Reads contacts, companies, addresses, notes,
// tickets and time_entries.

const visit = z.object({
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  planned_minutes: z.number(),
  actual_minutes: z.number().nullable(),
  total_cents: z.number(),
  notes: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
});
export type CustomerVisit = z.infer<typeof visit>;

/** Somebody was there: it is closed, or has begun. A day that has passed makes no visit of what was planned. */
const wasThere = sql`status in ('closed', 'in_progress')`;

const nearVisit = visit.extend({ place: z.enum(['last', 'next', 'overdue']) });

/** The visits of a customer nearest to now: those that were, that are to come, and that should be over and are not. */
export async function listNearVisits(
  context: ReadContext,
  contactId: string,
): Promise<{ last: CustomerVisit | undefined; next: CustomerVisit | undefined; overdue: CustomerVisit[] }> {
  const now = sql`${context.now.toString()}::timestamptz`;
  const nearestOf = (place: string, which: Sql, limit: number) => sql`(
        select ${place}::text as place, *
        from tickets
        where organization_id = ${context.organization.id}::uuid
          and contact_id = ${contactId}::uuid
          and ${which}
        limit ${limit}::integer
      )`;
  const visits = await context.tx.many(
    nearVisit,
    sql`
    select t.place, t.reference, t.status, t.scheduled_at, t.duration_minutes as planned_minutes, t.total_cents, t.notes,
      coalesce(t.actual_minutes, (
        select (extract(epoch from max(e.clocked_out_at) - min(e.clocked_in_at)) / 60)::integer
        from time_entries as e
        where e.organization_id = t.organization_id
          and e.ticket_id = t.id
      )) as actual_minutes,
      ${serviceNames} as services, ${crewNames} as technicians
    from (
      ${nearestOf('last', sql`${wasThere} order by scheduled_at desc, id`, 1)}
      union all
      ${nearestOf('next', sql`status = 'scheduled' and ends_at > ${now} order by scheduled_at, id`, 1)}
      union all
      ${nearestOf('overdue', sql`status in ('scheduled', 'in_progress') and ends_at <= ${now} order by scheduled_at desc, id`, 5)}
    ) as t
    order by t.scheduled_at desc, t.id`,
  );
  const at = (place: string) => visits.filter(visit => visit.place === place);
  return { last: at('last')[0], next: at('next')[0], overdue: at('overdue') };
}

const recentNote = z.object({
  reference: z.string(),
  content: z.string(),
  ticket_id: z.string().nullable(),
  created_at: z.string(),
});

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
  email_status: z.string(),
  email_status_at: z.string().nullable(),
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
        and ${which}
      limit 1
    )`;

/** What one wants to see of customers a search has found, in the order of the ids; one statement for all of them. */
export function listFound(context: ReadContext, ids: readonly string[]): Promise<FoundCustomer[]> {
  const now = context.now.toString();
  return context.tx.many(
    found,
    sql`
    select c.id, c.reference, c.full_name, c.phone, c.email, c.email_status, c.email_status_at, c.status, o.name as company, a.addresses,
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
    left join lateral ${nearest(sql`${wasThere} order by scheduled_at desc`)} as l on true
    left join lateral ${nearest(sql`status = 'scheduled' and ends_at > ${now}::timestamptz order by scheduled_at`)} as x on true
    where c.deleted_at is null
    order by wanted.place`,
  );
}

const namesake = z.object({
  id: z.string(),
  full_name: z.string(),
  has_next: z.boolean(),
  has_last: z.boolean(),
});

/** What some customers are called, and whether they have a visit to come and had one: all that their order takes. */
export const listNamesakes = (context: ReadContext, ids: readonly string[]) =>
  context.tx.many(
    namesake,
    sql`
    select c.id, c.full_name,
      exists (
        select from tickets
        where organization_id = c.organization_id
          and contact_id = c.id
          and status = 'scheduled' and ends_at > ${context.now.toString()}::timestamptz
      ) as has_next,
      exists (
        select from tickets where organization_id = c.organization_id and contact_id = c.id and ${wasThere}
      ) as has_last
    from ${eachById({ table: 'contacts', alias: 'c', organization: context.organization, ids })}
    where c.deleted_at is null`,
  );
