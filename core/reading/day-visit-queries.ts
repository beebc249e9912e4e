import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { crewNames, nobodyGoesTo, serviceNames, visitsWithPlaces } from './visit-parts.ts';

// What a day brings of visits, as much as a briefing could show and how much there is of it in all. `total` is the same in every row.
// Reads tickets and contacts, and of visits what else stands in visit-parts.ts.

/** A stretch of time, from the first moment until before the last. */
export interface Period {
  from: string;
  to: string;
}

const plannedVisit = z.object({
  reference: z.string(),
  status: z.string(),
  confirmation_status: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  customer: z.string(),
  line1: z.string().nullable(),
  city: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
  total: z.number(),
});
export type PlannedVisit = z.infer<typeof plannedVisit>;

/** The visits of a day in the order of their times, cancelled ones left out. */
export function listVisits(context: ReadContext, day: Period, most: number) {
  return context.tx.many(
    plannedVisit,
    sql`
    select t.reference, t.status, t.confirmation_status, t.scheduled_at, t.duration_minutes, c.full_name as customer,
      a.line1, a.city, ${serviceNames} as services, ${crewNames} as technicians, count(*) over () as total
    from ${visitsWithPlaces}
    where t.organization_id = ${context.organization.id}::uuid
      and t.scheduled_at >= ${day.from}::timestamptz
      and t.scheduled_at < ${day.to}::timestamptz
      and t.status <> 'cancelled'
    order by t.scheduled_at, t.id
    limit ${most}::integer`,
  );
}

const openVisit = z.object({
  reference: z.string(),
  scheduled_at: z.string(),
  confirmation_status: z.string(),
  customer: z.string(),
  is_unassigned: z.boolean(),
  to_place_why: z.string().nullable(),
  total: z.number(),
});
export type OpenVisit = z.infer<typeof openVisit>;

/** Visits of a period that nobody is sent to. */
export const listUnassigned = (context: ReadContext, period: Period, most: number) =>
  listOpenVisits(
    context,
    sql`
      t.scheduled_at >= ${period.from}::timestamptz
      and t.scheduled_at < ${period.to}::timestamptz
      and t.status in ('scheduled', 'in_progress')
      and ${nobodyGoesTo('t')}`,
    most,
  );

/** Visits to come that nobody could be sent to at their time, or whose people are away then. */
export const listToBePlaced = (context: ReadContext, from: string, most: number) =>
  listOpenVisits(
    context,
    sql`
      t.to_place_why is not null
      and t.status = 'scheduled'
      and t.scheduled_at >= ${from}::timestamptz`,
    most,
  );

/** Visits of a period that their customers have not agreed to. */
export const listUnconfirmed = (context: ReadContext, period: Period, most: number) =>
  listOpenVisits(
    context,
    sql`
      t.scheduled_at >= ${period.from}::timestamptz
      and t.scheduled_at < ${period.to}::timestamptz
      and t.status = 'scheduled'
      and t.confirmation_status <> 'accepted'`,
    most,
  );

/** Visits of a period that nobody is sent to, or that their customers have not agreed to. */
export const listToSettle = (context: ReadContext, period: Period, most: number) =>
  listOpenVisits(
    context,
    sql`
      t.scheduled_at >= ${period.from}::timestamptz
      and t.scheduled_at < ${period.to}::timestamptz
      and t.status = 'scheduled'
      and (t.confirmation_status <> 'accepted' or ${nobodyGoesTo('t')})`,
    most,
  );

const answeredVisit = z.object({
  reference: z.string(),
  scheduled_at: z.string(),
  customer: z.string(),
  confirmation_status: z.string(),
  asked_for_at: z.string().nullable(),
  customer_words: z.string().nullable(),
  total: z.number(),
});
export type AnsweredVisit = z.infer<typeof answeredVisit>;

/** Visits to come whose customers cannot come then, and visits whose customers have agreed since a moment; those first. */
export const listAnswers = (context: ReadContext, since: string, most: number) =>
  context.tx.many(
    answeredVisit,
    sql`
    select t.reference, t.scheduled_at, c.full_name as customer, t.confirmation_status, t.asked_for_at, t.customer_words, t.total
    from ${first(
      context,
      sql`
        t.status = 'scheduled'
        and t.scheduled_at > ${context.now.toString()}::timestamptz
        and (
          t.confirmation_status in ('declined', 'modify_requested')
          or t.confirmation_status = 'accepted' and t.answered_at >= ${since}::timestamptz
        )`,
      answersFirst,
      most,
    )}
    order by ${answersFirst}`,
  );

const answersFirst = sql`t.confirmation_status = 'accepted', t.scheduled_at, t.id`;

/** Visits whose time had passed before a moment and that nobody has closed, the latest first. */
export const listShouldBeOver = (context: ReadContext, before: string, most: number) =>
  listOpenVisits(
    context,
    sql`t.ends_at <= ${before}::timestamptz and t.status in ('scheduled', 'in_progress')`,
    most,
    sql`t.scheduled_at desc, t.id`,
  );

const listOpenVisits = (context: ReadContext, which: Sql, most: number, order = sql`t.scheduled_at, t.id`) =>
  context.tx.many(
    openVisit,
    sql`
    select t.reference, t.scheduled_at, t.confirmation_status, c.full_name as customer, ${nobodyGoesTo('t')} as is_unassigned,
      t.to_place_why, t.total
    from ${first(context, which, order, most)}
    order by ${order}`,
  );

/**
 * The first visits of an order with their customers, and how many there are. Customers are looked up for those alone: a plan for
 * businesses of any size would begin with all the customers there are, and ask each for such a visit.
 */
const first = (context: ReadContext, which: Sql, order: Sql, most: number) => sql`
  (
    select t.*, count(*) over () as total
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      and ${which}
    order by ${order}
    limit ${most}::integer
  ) as t
  join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id`;
