import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { mayRead } from '../kernel/pipeline/roles.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import type { Place } from './place.ts';

// Reads jobs, audit_log and the tables of the records whose registrations say how they stand in a timeline.

export const timelineRow = z.object({
  id: z.string(),
  /** `interaction`, `note`, `visit`, …: as the child says it; `email` or `change`. */
  kind: z.string(),
  reference: z.string().nullable(),
  happened_at: z.string(),
  /** In our words: `phone_call inbound`, `visit scheduled`, `contact update: phone`. */
  what: z.string(),
  /** In somebody's words. */
  text: z.string().nullable(),
  /** Who did what the entry says; of a visit that was not cancelled, who goes or went. */
  actor: z.string().nullable(),
});

/** Whose timeline: a customer's with what was said on their leads, a lead's own, or both on one line; one is given. */
export interface Whose {
  contact: string | undefined;
  lead: string | undefined;
}

/** One kind of entry, and the statement that reads all of them. */
export interface Source {
  kind: string;
  rows: Sql;
}

/** One page of what has happened with somebody, the newest first. Each source gives no more than a page. */
export function listTimeline(
  context: ReadContext,
  page: { sources: readonly Source[]; before: Place | undefined; limit: number },
) {
  const { before } = page;
  const earlier = before
    ? sql`where (happened_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`
    : raw('');
  const pages = page.sources.map(
    ({ rows }) => sql`(
      select *
      from (${rows}) as source
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

/** Of what the timeline of a customer or lead is made for this caller: their children as those say it, mails, changes. */
export function sourcesOf(context: ReadContext, whose: Whose): readonly Source[] {
  const told = toldOf(context, whose);
  return [
    ...told
      .filter(({ child }) => mayRead(context.actor, context.registry.view(child.plural).spec))
      .map(one => ({ kind: one.entry.kind, rows: rowsOf(context, one) })),
    ...(whose.contact === undefined ? [] : [{ kind: 'email', rows: mailsTo(context, whose.contact) }]),
    // What has an entry of its own is not told a second time as a change.
    {
      kind: 'change',
      rows: changesOf(
        context,
        whose,
        told.map(({ child }) => child.name),
      ),
    },
  ];
}

/** Every kind of entry there is, of customers and of leads. */
export function kindsOf(registry: ReadContext['registry']): string[] {
  const said = ['contact', 'lead'].flatMap(parent =>
    (registry.relations.get(parent) ?? []).flatMap(({ to }) => (to.timeline ? [to.timeline.kind] : [])),
  );
  return [...new Set([...said, 'email', 'change'])];
}

/** A record whose rows stand in a timeline, and by which columns they belong to whom it is about. */
interface Told {
  child: RecordSpec;
  entry: TimelineEntry;
  columns: { column: string; id: string }[];
}

/** One row is told once, though it may point to both. */
function toldOf({ registry }: ReadContext, whose: Whose): Told[] {
  const told = new Map<string, Told>();
  for (const [parent, id] of givenOf(whose)) {
    for (const { child, column, to } of registry.relations.get(parent) ?? []) {
      if (!to.timeline) continue;
      const known = told.get(child.name) ?? { child, entry: to.timeline, columns: [] };
      told.set(child.name, { ...known, columns: [...known.columns, { column, id }] });
    }
  }
  return [...told.values()];
}

const givenOf = (whose: Whose): [string, string][] =>
  Object.entries(whose).flatMap(([parent, id]) => (typeof id === 'string' ? [[parent, id]] : []));

function rowsOf(context: ReadContext, { child, entry, columns }: Told): Sql {
  const belongs = columns.map(({ column, id }) => sql`r.${identifier(column)} = ${id}::uuid`);
  const restriction = child.restrict?.(context);
  return sql`
    select r.id, ${entry.kind}::text as kind, ${raw(child.reference ? 'r.reference' : 'null::text')} as reference,
      date_trunc('milliseconds', ${entry.at}) as happened_at, ${typeof entry.what === 'function' ? entry.what(context) : entry.what} as what, left(${entry.text}, 500) as text,
      ${actorOf(context, child, entry)} as actor
    from ${identifier(child.table)} as r
    where r.organization_id = ${context.organization.id}::uuid
      and (${join(belongs, ' or ')})
      ${raw(child.soft_deletes ? 'and r.deleted_at is null' : '')}
      ${entry.where ? sql`and ${entry.where}` : raw('')}
      ${restriction ? sql`and ${restriction}` : raw('')}`;
}

/** Who did it, by name. */
function actorOf({ registry }: ReadContext, { fields }: RecordSpec, { actor }: TimelineEntry): Sql {
  if (typeof actor !== 'string') return actor ?? sql`null::text`;
  const who = registry.records.get(fields[actor]?.to?.record ?? '');
  const [name] = Object.entries(who?.fields ?? {}).find(([, { label }]) => label) ?? [];
  if (!who || name === undefined) throw new Error(`${actor} points to nobody with a name`);
  return sql`(
    select w.${identifier(name)}
    from ${identifier(who.table)} as w
    where w.organization_id = r.organization_id and w.id = r.${identifier(actor)}
  )`;
}

const mailsTo = ({ organization }: ReadContext, contactId: string): Sql => sql`
    select id, 'email' as kind, null as reference, date_trunc('milliseconds', coalesce(done_at, dead_at, created_at)) as happened_at,
      case when done_at is not null then 'email sent' when dead_at is not null then 'email not delivered' else 'email waiting' end
        as what,
      left(payload ->> 'subject', 500) as text, null as actor
    from jobs
    where organization_id = ${organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and kind = 'email'`;

function changesOf({ organization }: ReadContext, whose: Whose, toldBesides: readonly string[]): Sql {
  const about = givenOf(whose).map(
    ([parent, id]) => sql`h.subject_type = ${parent} and h.subject_id = ${id}::uuid`,
  );
  return sql`
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
      and (${join(about, ' or ')})
      and h.entity_type <> all (${[...toldBesides]}::text[])`;
}
