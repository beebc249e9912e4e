import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { followUpsOfAnswers } from './answered-queries.ts';
import { dueKinds } from './follow-up-queries.ts';

// What waits for the office on a day, as much as a briefing could show and how much there is of it in all. `total` is the same in
// every row. Reads contacts, companies, leads, interactions, tasks, scheduled_messages, members and attributes.

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

/** Facts about customers that nobody has confirmed yet (CFL-30), newest first; of those who are gone nobody does. */
export const listFactsToConfirm = (context: ReadContext, most: number) =>
  context.tx.many(
    factToConfirm,
    sql`
    select f.reference, f.key, f.value #>> '{}' as value, c.full_name as customer, count(*) over () as total
    from attributes as f
    join contacts as c on c.organization_id = f.organization_id and c.id = f.contact_id
    where f.organization_id = ${context.organization.id}::uuid
      and f.deleted_at is null
      and f.confirmed_at is null
      and c.deleted_at is null
    order by f.id desc
    limit ${most}::integer`,
  );
