import { z } from 'zod';
import { join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Place } from './place.ts';

// What somebody has to come back to. Reads interactions, leads, tasks, and what those are about: contacts, companies, tickets,
// invoices; members.

export const dueKinds = ['follow_up', 'reminder', 'task'] as const;

export const dueRow = z.object({
  id: z.string(),
  kind: z.enum(dueKinds),
  reference: z.string(),
  due_at: z.string(),
  overdue: z.boolean(),
  contact_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  /** The visit or invoice it is about. */
  about: z.string().nullable(),
  customer: z.string().nullable(),
  phone: z.string().nullable(),
  text: z.string().nullable(),
  /** Of a call to a customer whom no mail reaches: what for, and the words to say. */
  call_kind: z.string().nullable(),
  say: z.string().nullable(),
  owner_user_id: z.string().nullable(),
  owner: z.string().nullable(),
});

/** Pending follow-ups of interactions, reminders of open leads and open tasks that come after a place in the list, earliest first. */
export function listDue(
  context: ReadContext,
  filter: { conditions: readonly Sql[]; after: Place | undefined; limit: number },
) {
  const { after } = filter;
  const conditions = [
    ...filter.conditions,
    ...(after ? [sql`(due_at, id) > (${after.at}::timestamptz, ${after.id}::uuid)`] : []),
  ];
  const organization = context.organization.id;
  return context.tx.many(
    dueRow,
    sql`
    with due as (
      select i.id, 'follow_up' as kind, i.reference, date_trunc('milliseconds', i.follow_up_at) as due_at, i.contact_id,
        i.lead_id, i.owner_user_id, left(coalesce(i.subject, i.body), 160) as text, i.ticket_id,
        null::uuid as invoice_id, null::uuid as company_id, null as call_kind, null as say
      from interactions as i
      left join leads as l on l.organization_id = i.organization_id and l.id = i.lead_id
      left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
      where i.organization_id = ${organization}::uuid
        and i.follow_up_status = 'pending'
        and i.deleted_at is null
        and (l.id is not null and l.deleted_at is null or c.id is not null and c.deleted_at is null)
      union all
      select id, 'reminder', reference, date_trunc('milliseconds', reminder_at), contact_id, id, owner_user_id,
        left(title, 160), null, null, null, null, null
      from leads
      where organization_id = ${organization}::uuid
        and reminder_at is not null
        and deleted_at is null
        and status in ('new', 'working', 'contacted', 'qualified')
      union all
      select id, 'task', reference, date_trunc('milliseconds', due_at), contact_id, lead_id, assignee_id,
        left(title, 160), ticket_id, invoice_id, company_id, call_kind, case when call_kind is not null then note end
      from tasks
      where organization_id = ${organization}::uuid
        and status = 'open'
        and deleted_at is null
    )
    select d.id, d.kind, d.reference, d.due_at, d.due_at < ${context.now.toString()}::timestamptz as overdue,
      d.contact_id, d.lead_id, coalesce(t.reference, v.reference) as about,
      coalesce(c.full_name, l.full_name, l.company_name, f.name) as customer,
      coalesce(c.phone, l.phone, f.main_phone) as phone, d.text, d.call_kind, d.say, d.owner_user_id, m.name as owner
    from (
      select *
      from due
      ${conditions.length > 0 ? sql`where ${join(conditions, ' and ')}` : raw('')}
      order by due_at, id
      limit ${filter.limit}::integer
    ) as d
    left join leads as l on l.organization_id = ${organization}::uuid and l.id = d.lead_id
    left join contacts as c on c.organization_id = ${organization}::uuid and c.id = d.contact_id
    left join companies as f on f.organization_id = ${organization}::uuid and f.id = d.company_id
    left join tickets as t on t.organization_id = ${organization}::uuid and t.id = d.ticket_id
    left join invoices as v on v.organization_id = ${organization}::uuid and v.id = d.invoice_id
    left join members as m on m.organization_id = ${organization}::uuid and m.id = d.owner_user_id
    order by d.due_at, d.id`,
  );
}
