import { z } from 'zod';
import { identifier, join, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** The kind of the job that deletes a business. */
export const erasureKind = 'business_erasure';

/** How long an owner may think better of it. */
export const waiting_days = 7;

export const deletionRow = z.object({
  id: z.string(),
  asked_by: z.string(),
  asked_at: z.string(),
  delete_at: z.string(),
  /** Why it could not be carried out when its day had come; it is tried again every night. */
  trouble: z.string().nullable(),
});

/** The deletion that waits, if there is one. */
export const findDeletion = (context: ReadContext) =>
  context.tx.maybe(
    deletionRow,
    sql`
    select d.id, m.name as asked_by, d.asked_at, d.delete_at,
      (
        select j.last_error
        from jobs as j
        where j.organization_id = d.organization_id
          and j.kind = ${erasureKind}
          and j.dead_at is not null
        order by j.id desc
        limit 1
      ) as trouble
    from business_deletions as d
    join members as m on m.organization_id = d.organization_id and m.id = d.asked_by
    where d.organization_id = ${context.organization.id}::uuid
      and d.cancelled_at is null`,
  );

export const insertDeletion = (
  context: ReadContext,
  { id, asked_by }: { id: string; asked_by: string },
): Promise<number> =>
  context.tx.run(sql`
    insert into business_deletions (organization_id, id, asked_by, asked_at, delete_at)
    values (
      ${context.organization.id}::uuid, ${id}::uuid, ${asked_by}::uuid, ${context.now.toString()}::timestamptz,
      ${context.now.add({ hours: waiting_days * 24 }).toString()}::timestamptz
    )
    on conflict do nothing`);

/** Takes the deletion that waits back; undefined when none does. */
export const endDeletion = (context: ReadContext, cancelled_by: string) =>
  context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    update business_deletions
    set cancelled_by = ${cancelled_by}::uuid, cancelled_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and cancelled_at is null
    returning id`,
  );

/** Holds the deletion, if it still stands: nobody takes it back from here on. */
export const lockDeletion = (organizationId: string, id: string): Sql => sql`
  select asked_at
  from business_deletions
  where organization_id = ${organizationId}::uuid
    and id = ${id}::uuid
    and cancelled_at is null
  for update`;
export const lockedDeletion = z.object({ asked_at: z.string() });

/** Ids by which mails of a business lie in the data folder. */
export const fileIds = (organizationId: string): Sql => sql`
  select id from jobs where organization_id = ${organizationId}::uuid`;

export const membersOf = (organizationId: string): Sql =>
  sql`select id from members where organization_id = ${organizationId}::uuid`;

export const deleteRows = (table: string, ownedBy: string, organizationId: string): Sql => sql`
  delete from ${identifier(table)}
  where ${identifier(ownedBy)} = ${organizationId}::uuid`;

/**
 * The same of many tables in one statement: what keys promise is looked at when all of them are empty, in whatever order and
 * circle they point to each other.
 */
export function deleteAllRows(
  tables: readonly { name: string; owned_by: string }[],
  organizationId: string,
): Sql {
  const deleted = tables.map(
    ({ name, owned_by }, index) => sql`${identifier(`d${index}`)} as (
      ${deleteRows(name, owned_by, organizationId)}
      returning 1
    )`,
  );
  const counted = tables.map((_, index) => sql`(select count(*) from ${identifier(`d${index}`)})`);
  return sql`with ${join(deleted, ', ')} select (${join(counted, ' + ')})::float8 as rows`;
}
export const deletedRows = z.object({ rows: z.number() });

/** Triggers of ours on a table keep still until they are woken; nobody else writes to it until the transaction ends. */
export const stillTriggers = (table: string): Sql =>
  sql`alter table ${identifier(table)} disable trigger user`;
export const wakeTriggersOf = (table: string): Sql =>
  sql`alter table ${identifier(table)} enable trigger user`;

/** Sign-in addresses of people who work nowhere here any more, and where they were signed in. */
export const deletePeople = (ids: readonly string[]): Sql[] =>
  ['sessions', 'sign_in_tokens', 'users'].map(
    table => sql`
    delete from ${identifier(table)} as t
    where t.${identifier(table === 'users' ? 'id' : 'user_id')} = any (${[...ids]}::uuid[])
      and not exists (select from members as m where m.id = t.${identifier(table === 'users' ? 'id' : 'user_id')})`,
  );

export const keepTombstone = (organizationId: string, asked_at: string, rows: number): Sql => sql`
  insert into deleted_businesses (id, asked_at, rows)
  values (${organizationId}::uuid, ${asked_at}::timestamptz, ${rows})
  on conflict (id) do update set asked_at = excluded.asked_at, deleted_at = now(), rows = excluded.rows`;
