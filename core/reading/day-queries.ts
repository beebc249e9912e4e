import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { followUpsOfAnswers } from './answered-queries.ts';
import { dueKinds } from './follow-up-queries.ts';
import { crewNames, nobodyGoesTo, serviceNames, visitsWithPlaces } from './visit-parts.ts';

// What a day brings, as much as a briefing could show and how much there is of it in all. `total` is the same in every row.
// Reads contacts, companies, leads, tickets, interactions, tasks, scheduled_messages, members, invoices, payments and attributes, and
// of visits what else stands in visit-parts.ts.

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

const openLead = z.object({
  reference: z.string(),
  title: z.string(),
  full_name: z.string().nullable(),
  status: z.string(),
  urgency: z.string().nullable(),
  reminder_at: z.string().nullable(),
  created_at: z.string(),
  total: z.number(),
});
export type OpenLead = z.infer<typeof openLead>;

/**
 * Leads that wait for somebody: new, working or contacted, or with a reminder due before a moment (GAP-29). Due and urgent
 * ones first, then the oldest.
 */
export function listOpenLeads(context: ReadContext, dueBefore: string, most: number) {
  return context.tx.many(
    openLead,
    sql`
    select reference, title, full_name, status, urgency, reminder_at, created_at, count(*) over () as total
    from leads
    where organization_id = ${context.organization.id}::uuid
      and deleted_at is null
      and (
        status in ('new', 'working', 'contacted')
        or (status = 'qualified' and reminder_at < ${dueBefore}::timestamptz)
      )
    order by reminder_at < ${dueBefore}::timestamptz desc nulls last, urgency = 'high' desc nulls last, id
    limit ${most}::integer`,
  );
}

const due = z.object({
  reference: z.string(),
  kind: z.enum(dueKinds),
  due_at: z.string(),
  who: z.string().nullable(),
  subject: z.string().nullable(),
  /** Whose task it is. */
  whose: z.string().nullable(),
  total: z.number(),
});
export type Due = z.infer<typeof due>;

/**
 * Reminders of open leads, pending follow-ups and open tasks that are due before a moment, the longest overdue first. What a
 * lead is about stands with the lead.
 */
export function listDue(context: ReadContext, before: string, most: number) {
  const { id } = context.organization;
  return context.tx.many(
    due,
    sql`
    with everything as (
      select l.reference, 'reminder' as kind, l.reminder_at as due_at, coalesce(l.full_name, l.title) as who,
        null as subject, null as whose
      from leads as l
      where l.organization_id = ${id}::uuid
        and l.deleted_at is null
        and l.status in ('new', 'working', 'contacted', 'qualified')
        and l.reminder_at < ${before}::timestamptz
      union all
      select i.reference, 'follow_up', i.follow_up_at, coalesce(c.full_name, l.full_name, l.title),
        case when i.lead_id is null then left(coalesce(i.subject, i.body), 160) end, null
      from interactions as i
      left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
      left join leads as l on l.organization_id = i.organization_id and l.id = i.lead_id
      where i.organization_id = ${id}::uuid
        and i.deleted_at is null
        and i.follow_up_status = 'pending'
        and i.follow_up_at < ${before}::timestamptz
        and i.id not in (${followUpsOfAnswers(context)})
        and (l.id is not null and l.deleted_at is null or c.id is not null and c.deleted_at is null)
      union all
      select t.reference, 'task', t.due_at, coalesce(c.full_name, l.full_name, l.title, f.name), t.title, m.name
      from tasks as t
      left join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id
      left join leads as l on l.organization_id = t.organization_id and l.id = t.lead_id
      left join companies as f on f.organization_id = t.organization_id and f.id = t.company_id
      left join members as m on m.organization_id = t.organization_id and m.id = t.assignee_id
      where t.organization_id = ${id}::uuid
        and t.deleted_at is null
        and t.status = 'open'
        and t.call_kind is null
        and t.due_at < ${before}::timestamptz
    )
    select reference, kind, due_at, who, subject, whose, count(*) over () as total
    from everything
    order by due_at, reference
    limit ${most}::integer`,
  );
}

const callDue = z.object({
  reference: z.string(),
  title: z.string(),
  phone: z.string().nullable(),
  due_at: z.string(),
  attempts: z.number(),
  total: z.number(),
});
export type CallDue = z.infer<typeof callDue>;

/** Calls to customers whom no mail reaches that are due before a moment, the longest overdue first (CFL-49). */
export const listCallsDue = (context: ReadContext, before: string, most: number) =>
  context.tx.many(
    callDue,
    sql`
    select t.reference, t.title, c.phone, t.due_at, t.attempts, count(*) over () as total
    from tasks as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.deleted_at is null
      and t.status = 'open'
      and t.call_kind is not null
      and t.due_at < ${before}::timestamptz
    order by t.due_at, t.reference
    limit ${most}::integer`,
  );

const notSent = z.object({
  reference: z.string(),
  kind: z.string(),
  customer: z.string(),
  error: z.string().nullable(),
  total: z.number(),
});
export type NotSent = z.infer<typeof notSent>;

/** Messages that could not go out, or were left out because it was too late, within a day before a moment. */
export const listNotSent = (context: ReadContext, before: string, most: number) =>
  context.tx.many(
    notSent,
    sql`
    select m.reference, m.kind, c.full_name as customer, left(m.error, 200) as error, count(*) over () as total
    from scheduled_messages as m
    join contacts as c on c.organization_id = m.organization_id and c.id = m.contact_id
    where m.organization_id = ${context.organization.id}::uuid
      and (m.status = 'failed' or m.status = 'skipped' and m.error like '%too late%')
      and m.updated_at < ${before}::timestamptz
      and m.updated_at >= ${before}::timestamptz - interval '1 day'
    order by m.updated_at, m.reference
    limit ${most}::integer`,
  );

const overdueInvoice = z.object({
  reference: z.string(),
  customer: z.string(),
  due_cents: z.number(),
  currency: z.string(),
  since: z.string(),
  total: z.number(),
});
export type OverdueInvoice = z.infer<typeof overdueInvoice>;

/** Invoices that are not fully paid and were due before a day, the longest overdue first (INV-04). */
export function listOverdueInvoices(context: ReadContext, day: string, most: number) {
  return context.tx.many(
    overdueInvoice,
    sql`
    select i.reference, coalesce(i.billing_name, f.name, c.full_name) as customer, i.total_cents - i.paid_cents as due_cents, i.currency,
      i.due_on as since,
      count(*) over () as total
    from invoices as i
    left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
    left join companies as f on f.organization_id = i.organization_id and f.id = i.company_id
    where i.organization_id = ${context.organization.id}::uuid
      and i.status in ('sent', 'partial')
      and i.due_on < ${day}::date
    order by i.due_on, i.id
    limit ${most}::integer`,
  );
}

const received = z.object({
  reference: z.string(),
  customer: z.string(),
  amount_cents: z.number(),
  currency: z.string(),
  method: z.string(),
  invoice: z.string(),
  total: z.number(),
});
export type ReceivedPayment = z.infer<typeof received>;

/** Payments of which a condition holds, the newest first. */
const listPayments = (context: ReadContext, which: Sql, most: number) =>
  context.tx.many(
    received,
    sql`
    select p.reference, coalesce(c.full_name, '') as customer, p.amount_cents, p.currency, p.method, i.reference as invoice,
      count(*) over () as total
    from payments as p
    join invoices as i on i.organization_id = p.organization_id and i.id = p.invoice_id
    left join contacts as c on c.organization_id = p.organization_id and c.id = p.contact_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.deleted_at is null
      and ${which}
    order by p.received_at desc, p.id desc
    limit ${most}::integer`,
  );

/** What came in from a moment until another. */
export const listReceived = (
  context: ReadContext,
  { from, to }: { from: string; to: string },
  most: number,
) =>
  listPayments(
    context,
    sql`p.status = 'succeeded' and p.received_at >= ${from}::timestamptz and p.received_at < ${to}::timestamptz`,
    most,
  );

/** Payments that their customers dispute. */
export const listDisputed = (context: ReadContext, most: number) =>
  listPayments(context, sql`p.dispute_status = 'open'`, most);

const sumOfCurrency = z.object({ currency: z.string(), due_cents: z.coerce.number() });

/** What is overdue before a day in all, by currency. */
export const sumOverdue = (context: ReadContext, day: string) =>
  context.tx.many(
    sumOfCurrency,
    sql`
    select i.currency, sum(i.total_cents - i.paid_cents) as due_cents
    from invoices as i
    where i.organization_id = ${context.organization.id}::uuid
      and i.status in ('sent', 'partial')
      and i.due_on < ${day}::date
    group by i.currency
    order by i.currency`,
  );

const toConfirm = z.object({ reference: z.string(), total: z.number() });

/** Open leads of which something was understood that nobody has confirmed yet (CFL-29), oldest first. */
export const listLeadsToConfirm = (context: ReadContext, most: number) =>
  context.tx.many(
    toConfirm,
    sql`
    select reference, count(*) over () as total
    from leads
    where organization_id = ${context.organization.id}::uuid
      and deleted_at is null
      and extraction_status = 'unconfirmed'
      and status in ('new', 'working', 'contacted', 'qualified')
    order by id
    limit ${most}::integer`,
  );

const factToConfirm = toConfirm.extend({
  key: z.string(),
  value: z.string(),
  customer: z.string().nullable(),
});
export type FactToConfirm = z.infer<typeof factToConfirm>;

/** Facts about customers that nobody has confirmed yet (CFL-30), newest first. */
export const listFactsToConfirm = (context: ReadContext, most: number) =>
  context.tx.many(
    factToConfirm,
    sql`
    select f.reference, f.key, f.value #>> '{}' as value, c.full_name as customer, count(*) over () as total
    from attributes as f
    left join contacts as c on c.organization_id = f.organization_id and c.id = f.contact_id
    where f.organization_id = ${context.organization.id}::uuid
      and f.deleted_at is null
      and f.confirmed_at is null
    order by f.id desc
    limit ${most}::integer`,
  );
