import { z } from 'zod';
import { raw, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { crewNames, serviceNames, visitsWithPlaces } from './visit-parts.ts';

// Visits as calendars of people know them. Reads tickets, calendar_entries, ticket_technicians, ticket_lines, contacts,
// addresses and members.

export const feedVisit = z.object({
  /** The visit that this one took the place of, or the first of several; itself where it is none's. */
  first_id: z.string(),
  sequence: z.number(),
  changed_at: z.string(),
  reference: z.string(),
  status: z.string(),
  is_to_place: z.boolean(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  city: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
});
export type FeedVisit = z.infer<typeof feedVisit>;

const columns = sql`
  coalesce(e.uid, t.id) as first_id, coalesce(e.sequence, 0) as sequence,
  greatest(t.updated_at, e.changed_at, c.updated_at, a.updated_at) as changed_at,
  t.reference, t.status, t.to_place_why is not null as is_to_place, t.scheduled_at, t.ends_at,
  c.full_name as customer, c.phone, a.city,
  nullif(
    concat_ws(', ', a.line1, a.line2, a.city, nullif(concat_ws(' ', a.state, a.postal_code), '')), ''
  ) as address,
  ${serviceNames} as services, ${crewNames} as technicians`;

const visitsInCalendars = sql`${visitsWithPlaces}
    left join calendar_entries as e on e.organization_id = t.organization_id and e.ticket_id = t.id`;

/** Until when a visit that was called off is shown as that. */
const shownCancelled = '14 days';

/**
 * Visits that begin in a period, by time; of one technician when given. One that was called off is told of for two weeks, so
 * that calendars take it out; one that was moved lives on in the visit that took its place.
 */
export function listFeedVisits(
  context: ReadContext,
  { from, to, technicianId }: { from: string; to: string; technicianId: string | undefined },
): Promise<FeedVisit[]> {
  const theirs =
    technicianId === undefined
      ? raw('')
      : sql`and exists (
          select 1
          from ticket_technicians as p
          where p.organization_id = t.organization_id
            and p.ticket_id = t.id
            and p.technician_id = ${technicianId}::uuid
        )`;
  return context.tx.many(
    feedVisit,
    sql`
    select ${columns}
    from ${visitsInCalendars}
    where t.organization_id = ${context.organization.id}::uuid
      and t.scheduled_at >= ${from}::timestamptz
      and t.scheduled_at < ${to}::timestamptz
      and (
        t.status <> 'cancelled'
        or (
          t.cancelled_at > ${context.now.toString()}::timestamptz - ${shownCancelled}::interval
          and not exists (
            select 1
            from tickets as n
            where n.organization_id = t.organization_id and n.rescheduled_from_id = t.id
          )
        )
      )
      ${theirs}
    order by t.scheduled_at, t.id
    limit 20000`,
  );
}

/** One visit as calendars know it. */
export const getFeedVisit = (context: ReadContext, id: string): Promise<FeedVisit> =>
  context.tx.one(
    feedVisit,
    sql`
    select ${columns}
    from ${visitsInCalendars}
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = ${id}::uuid`,
  );
