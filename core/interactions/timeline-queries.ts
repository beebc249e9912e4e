import { z } from 'zod';
import { join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { After } from './queries.ts';

export const timelineKinds = ['interaction', 'note', 'visit', 'email', 'change'] as const;
export type TimelineKind = (typeof timelineKinds)[number];

export const timelineRow = z.object({
  id: z.string(),
  kind: z.enum(timelineKinds),
  reference: z.string().nullable(),
  happened_at: z.string(),
  /** In our words: `phone_call inbound`, `visit scheduled`, `contact update: phone`. */
  what: z.string(),
  /** In somebody's words. */
  text: z.string().nullable(),
  actor: z.string().nullable(),
});

/** Whose timeline: a customer's with what was said on their leads, a lead's own, or both on one line; one is given. */
export interface Whose {
  contact_id: string | undefined;
  lead_id: string | undefined;
}

/** One page of what has happened with somebody, the newest first (CFL-27). Each source gives no more than a page. */
export function listTimeline(
  context: ReadContext,
  whose: Whose,
  page: { kinds: readonly TimelineKind[]; before: After | undefined; limit: number },
) {
  const wanted = page.kinds.flatMap(kind => sources[kind](context, whose) ?? []);
  const { before } = page;
  const earlier = before
    ? sql`where (happened_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`
    : raw('');
  const pages = wanted.map(
    source => sql`(
      select *
      from (${source}) as source
      ${earlier}
      order by happened_at desc, id desc
      limit ${page.limit}::integer
    )`,
  );
  if (pages.length === 0) return Promise.resolve([]);
  return context.tx.many(
    timelineRow,
    sql`
    select id, kind, reference, happened_at, what, text, actor
    from (${join(pages, '\n union all ')}) as timeline
    order by happened_at desc, id desc
    limit ${page.limit}::integer`,
  );
}

const sources: Readonly<Record<TimelineKind, (context: ReadContext, whose: Whose) => Sql | undefined>> = {
  interaction: ({ organization }, whose) => sql`
    select i.id, 'interaction' as kind, i.reference, date_trunc('milliseconds', i.occurred_at) as happened_at,
      concat_ws(' ', i.type, i.direction, nullif(i.outcome, 'none')) as what,
      left(concat_ws(': ', i.subject, i.body), 500) as text, m.name as actor
    from interactions as i
    left join members as m on m.organization_id = i.organization_id and m.id = i.actor_user_id
    where i.organization_id = ${organization.id}::uuid
      and (${belongsTo('i', whose)})
      and i.deleted_at is null`,
  note: ({ organization }, whose) => sql`
    select n.id, 'note' as kind, n.reference, date_trunc('milliseconds', n.created_at) as happened_at, 'note' as what,
      left(n.content, 500) as text, null as actor
    from notes as n
    where n.organization_id = ${organization.id}::uuid
      and (${belongsTo('n', whose)})
      and n.deleted_at is null`,
  visit: ({ organization }, whose) =>
    whose.contact_id === undefined
      ? undefined
      : sql`
    select t.id, 'visit' as kind, t.reference, date_trunc('milliseconds', t.scheduled_at) as happened_at,
      concat('visit ', t.status) as what,
      (
        select left(string_agg(l.description, ', ' order by l.position), 500)
        from ticket_lines as l
        where l.organization_id = t.organization_id and l.ticket_id = t.id and l.deleted_at is null
      ) as text,
      (
        select string_agg(m.name, ', ' order by m.name)
        from ticket_technicians as p
        join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
        where p.organization_id = t.organization_id and p.ticket_id = t.id
      ) as actor
    from tickets as t
    where t.organization_id = ${organization.id}::uuid
      and t.contact_id = ${whose.contact_id}::uuid`,
  email: ({ organization }, whose) =>
    whose.contact_id === undefined
      ? undefined
      : sql`
    select id, 'email' as kind, null as reference, date_trunc('milliseconds', coalesce(done_at, created_at)) as happened_at,
      case when done_at is not null then 'email sent' when dead_at is not null then 'email not delivered' else 'email waiting' end
        as what,
      left(payload ->> 'subject', 500) as text, null as actor
    from jobs
    where organization_id = ${organization.id}::uuid
      and contact_id = ${whose.contact_id}::uuid
      and kind = 'email'`,
  // What has an entry of its own in this list is not told a second time as a change.
  change: ({ organization }, whose) => sql`
    select h.id, 'change' as kind, null as reference, date_trunc('milliseconds', h.created_at) as happened_at,
      concat(
        h.entity_type, ' ', h.action,
        case when h.action = 'update' then ': ' || (
          select string_agg(key, ', ' order by key)
          from jsonb_object_keys(h.changes) as changed (key)
        ) end
      ) as what,
      left(h.reasoning, 500) as text, h.actor_name as actor
    from audit_log as h
    where h.organization_id = ${organization.id}::uuid
      and (${either(
        whose,
        id => sql`h.subject_type = 'contact' and h.subject_id = ${id}::uuid`,
        id => sql`h.subject_type = 'lead' and h.subject_id = ${id}::uuid`,
      )})
      and h.entity_type not in ('note', 'interaction')`,
};

const belongsTo = (alias: 'i' | 'n', whose: Whose): Sql =>
  either(
    whose,
    id => sql`${raw(alias)}.contact_id = ${id}::uuid`,
    id => sql`${raw(alias)}.lead_id = ${id}::uuid`,
  );

function either(
  { contact_id, lead_id }: Whose,
  ofContact: (id: string) => Sql,
  ofLead: (id: string) => Sql,
): Sql {
  const conditions = [
    ...(contact_id === undefined ? [] : [ofContact(contact_id)]),
    ...(lead_id === undefined ? [] : [ofLead(lead_id)]),
  ];
  return join(conditions, ' or ');
}
