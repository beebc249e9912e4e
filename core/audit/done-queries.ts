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

/** What bounds the calls: conditions on their entries, and a place to go on from. */
export interface Wanted {
  conditions: readonly Sql[];
  before?: string | undefined;
  limit: number;
}

/** So many entries of a call are read, from its first on: a sentence needs no more, and an import leaves thousands. */
const mostEntries = 40;

/**
 * The calls that left entries, newest first: the trail is read along its key, and an entry begins another call where the one
 * after it belongs to another. Then the first entries of each of them.
 */
export function listDone(
  { tx, organization }: ReadContext,
  { conditions, before, limit }: Wanted,
): Promise<DoneCall[]> {
  const place = before === undefined ? sql`true` : sql`id < ${before}::uuid`;
  return tx.many(
    doneCall,
    sql`
    with ends as (
      select id, request_id, created_at
      from (
        select id, request_id, created_at, lag(request_id) over (order by id desc) as later
        from audit_log as e
        where organization_id = ${organization.id}::uuid
          and entity_type not in ('authorization_request', 'authorization_request_item', 'call')
          and domain_action is not null
          and request_id is not null
          and action <> ${undone}
          and ${place}
          and ${join([sql`true`, ...conditions], ' and ')}
        order by id desc
      ) as told
      where request_id is distinct from later
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
