import { z } from 'zod';
import { identifier, join, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { allowed, undone } from '../kernel/pipeline/preview.ts';

/** An entry of a call. */
export const doneEntry = z.object({
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
  domain_action: z.string().nullable(),
  actor_kind: z.string(),
  actor_name: z.string(),
  reasoning: z.string().nullable(),
});

const doneCall = z.object({
  id: z.string(),
  request_id: z.string(),
  happened_at: z.string(),
  /** The first of them. */
  entries: z.array(doneEntry),
  /** The names under which all of them stand: of the call, and of what was done along with it. */
  ran: z.array(z.string()),
});
export type DoneCall = z.infer<typeof doneCall>;

/** What bounds the calls: conditions on their entries, and on the stretch of the trail in which they are. */
export interface Wanted {
  conditions: readonly Sql[];
  stretch: readonly Sql[];
  limit: number;
}

/** So many entries of a call are read, from its first on: a sentence needs no more, and an import leaves thousands. */
const mostEntries = 40;

/** The days of the trail that are looked through at once: whoever wants more goes on from there. */
const daysAtOnce = 31;

const part = z.object({ since: z.string(), has_more: z.boolean() });

/** The newest part of a stretch of the trail that is looked through at once, and whether there is more before it. */
export const findPart = (
  { tx, organization }: ReadContext,
  stretch: readonly Sql[],
): Promise<z.output<typeof part> | undefined> =>
  tx.maybe(
    part,
    sql`
    select n.since, exists (
      select 1
      from audit_log
      where organization_id = ${organization.id}::uuid
        and id < n.since
        and ${join([...stretch], ' and ')}
    ) as has_more
    from (
      select uuid7_floor(created_at - make_interval(days => ${daysAtOnce}::integer)) as since
      from audit_log
      where organization_id = ${organization.id}::uuid
        and ${join([...stretch], ' and ')}
      order by id desc
      limit 1
    ) as n`,
  );

/**
 * What of the trail is a deed: neither that something waits, nor that it was tried and refused, nor that something was
 * allowed or taken back.
 */
const isDeed = (entry: Sql): Sql => sql`
    ${entry}.entity_type not in ('authorization_request', 'authorization_request_item', 'security_event', 'call')
    and ${entry}.domain_action is not null
    and ${entry}.action <> ${undone}`;

/**
 * The calls that left entries, newest first, each by the newest entry that is wanted of it: calls that run at the same time
 * leave their entries in between each other. Then the first entries of each of them.
 */
export function listDone(
  { tx, organization }: ReadContext,
  { conditions, stretch, since, limit }: Wanted & { since: string },
): Promise<DoneCall[]> {
  const wanted = (entry: Sql) => sql`
    ${entry}.organization_id = ${organization.id}::uuid
    and ${entry}.request_id is not null
    and ${isDeed(entry)}
    and ${join([sql`true`, ...conditions], ' and ')}`;
  return tx.many(
    doneCall,
    sql`
    with ends as (
      select id, request_id, created_at
      from audit_log as e
      where ${wanted(sql`e`)}
        and ${join([...stretch, sql`id >= ${since}::uuid`], ' and ')}
        and not exists (
          select 1
          from audit_log as l
          where ${wanted(sql`l`)}
            and l.request_id = e.request_id
            and l.id > e.id
            and l.id < uuid7_floor(e.created_at + interval '1 minute')
        )
      order by id desc
      limit ${limit}::integer
    )
    select c.id, c.request_id, c.created_at as happened_at, of.entries, under.ran
    from ends as c
    cross join lateral (
      select coalesce(jsonb_agg(to_jsonb(first) order by first.id), '[]') as entries
      from (
        select id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action, actor_kind,
          actor_name, reasoning
        from audit_log
        where organization_id = ${organization.id}::uuid
          and id >= uuid7_floor(c.created_at - interval '1 minute')
          and id <= c.id
          and request_id = c.request_id
          and entity_type <> 'authorization_request'
        order by id
        limit ${mostEntries}::integer
      ) as first
    ) as of
    cross join lateral (
      select coalesce(array_agg(distinct domain_action), '{}') as ran
      from audit_log
      where organization_id = ${organization.id}::uuid
        and id >= uuid7_floor(c.created_at - interval '1 minute')
        and id <= c.id
        and request_id = c.request_id
        and domain_action is not null
    ) as under
    order by c.id desc`,
  );
}

const said = z.object({
  of: z.string(),
  verb: z.enum([undone, allowed]),
  actor_name: z.string(),
  request_id: z.string().nullable(),
});

/** What is said of some calls themselves, oldest first: that they were allowed, or taken back. */
export function listSaidOf({ tx, organization }: ReadContext, requestIds: readonly string[]) {
  return tx.many(
    said,
    sql`
    select subject_id as of, action as verb, actor_name, request_id
    from audit_log
    where organization_id = ${organization.id}::uuid
      and subject_type = 'call'
      and subject_id = any (${[...requestIds]}::uuid[])
      and action in (${undone}, ${allowed})
    order by id`,
  );
}

/** That an entry is about somebody, or about something that is theirs, by the column of each table that points to them. */
export const isAbout = (
  { organization }: ReadContext,
  { record, id, children }: { record: string; id: string; children: readonly Child[] },
): Sql => sql`
  (subject_type, subject_id) in (
    select ${record}::text, ${id}::uuid
    ${join(
      children.map(
        ({ name, table, column }) => sql`
    union all
    select ${name}::text, id
    from ${identifier(table)}
    where organization_id = ${organization.id}::uuid
      and ${identifier(column)} = ${id}::uuid`,
      ),
      ' ',
    )}
  )`;

/** What points to a record, as its registration says. */
export interface Child {
  name: string;
  table: string;
  column: string;
}
