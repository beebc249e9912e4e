import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { defineWaiting } from '../kernel/registry/waiting.ts';
import { dayBounds } from '../kernel/words/time.ts';
import { followUpsOfAnswers } from './answered-queries.ts';

// What is due by tonight, and what is to be placed, counted for the inbox. Reads interactions, leads, contacts, tasks, tickets.

/** Calls that were promised and reminders of open inquiries, as `follow_ups` lists them; answers of customers stand by themselves. */
export const callBacksWait = defineWaiting({
  kind: 'call_backs',
  label: 'Call-backs',
  one: 'call-back due',
  many: 'call-backs due',
  view: 'follow_ups',
  filter: 'besides_answers',
  count: context => sql`
    select count(*)::integer as count, min(due_at) as oldest_at
    from (
      select i.follow_up_at as due_at
      from interactions as i
      left join leads as l on l.organization_id = i.organization_id and l.id = i.lead_id
      left join contacts as c on c.organization_id = i.organization_id and c.id = i.contact_id
      where i.organization_id = ${context.organization.id}::uuid
        and i.follow_up_status = 'pending'
        and i.deleted_at is null
        and i.follow_up_at < ${tonight(context)}
        and i.id not in (${followUpsOfAnswers(context)})
        and (l.id is not null and l.deleted_at is null or c.id is not null and c.deleted_at is null)
        and ${forOffice(context)}
      union all
      select reminder_at
      from leads
      where organization_id = ${context.organization.id}::uuid
        and reminder_at < ${tonight(context)}
        and deleted_at is null
        and status in ('new', 'working', 'contacted', 'qualified')
        and ${forOffice(context)}
    ) as due`,
});

/** Open tasks; a technician's are their own. */
export const tasksWait = defineWaiting({
  kind: 'tasks',
  label: 'Tasks',
  one: 'task due',
  many: 'tasks due',
  view: 'follow_ups',
  params: { kind: 'task' },
  count: context => sql`
    select count(*)::integer as count, min(due_at) as oldest_at
    from tasks
    where organization_id = ${context.organization.id}::uuid
      and status = 'open'
      and deleted_at is null
      and due_at < ${tonight(context)}
      and (${forOffice(context)} or assignee_id = ${context.actor.id}::uuid)`,
});

/** Visits to come that nobody could be sent to, or whose people are away then. */
export const visitsToPlaceWait = defineWaiting({
  kind: 'to_be_placed',
  label: 'Visits to be placed',
  one: 'visit to be placed',
  many: 'visits to be placed',
  view: 'tickets',
  filter: 'to_be_placed',
  settled_by: 'ticket.assign_technician',
  count: context => sql`
    select count(*)::integer as count, min(scheduled_at) as oldest_at
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and to_place_why is not null
      and status = 'scheduled'
      and scheduled_at > ${context.now.toString()}::timestamptz
      and ${forOffice(context)}`,
});

const forOffice = ({ actor }: ReadContext): Sql => sql`${actor.role !== 'technician'}::boolean`;

function tonight({ now, organization }: ReadContext): Sql {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate();
  return sql`${dayBounds(today, organization.time_zone).to.toString()}::timestamptz`;
}
