import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { columnsOf } from '../kernel/records/columns.ts';
import type { RowIn } from '../kernel/records/record.ts';
import { contactMergeRecord } from './contact-merge.ts';

type ContactMerge = RowIn<typeof contactMergeRecord>;

/** The merge by which somebody went into another customer and that was not taken back, locked. */
export function findStandingMerge(context: ReadContext, mergedId: string): Promise<ContactMerge | undefined> {
  return context.tx.maybe(
    contactMergeRecord.parsed,
    sql`
    select ${columnsOf(contactMergeRecord)}
    from contact_merges
    where organization_id = ${context.organization.id}::uuid
      and merged_contact_id = ${mergedId}::uuid
      and undone_at is null
    for no key update`,
  );
}

const successor = z.object({
  merged_id: z.string(),
  id: z.string(),
  reference: z.string(),
  label: z.string(),
});

/** Into whom some customers were merged, by their own ids; those who were not are left out. */
export async function listSuccessors(context: ReadContext, ids: readonly string[]) {
  const rows = await context.tx.many(
    successor,
    sql`
    select m.merged_contact_id as merged_id, c.id, c.reference, c.full_name as label
    from contact_merges as m
    join contacts as c on c.organization_id = m.organization_id and c.id = m.contact_id
    where m.organization_id = ${context.organization.id}::uuid
      and m.merged_contact_id = any (${[...ids]}::uuid[])
      and m.undone_at is null`,
  );
  return new Map(rows.map(({ merged_id, ...candidate }) => [merged_id, candidate]));
}

const addedKey = z.object({ key: z.string(), is_new: z.boolean() });

/**
 * Makes one customer recognised by what the other one is recognised by. An address that a person has confirmed for either is
 * confirmed. Answers the keys that are new, and those that were there and are confirmed now.
 */
export async function addKeys(
  context: ReadContext,
  fromId: string,
  toId: string,
): Promise<{ keys: string[]; confirmed: string[] }> {
  const rows = await context.tx.many(
    addedKey,
    sql`
    insert into contact_keys as k (organization_id, key, contact_id, is_confirmed)
    select organization_id, key, ${toId}::uuid, is_confirmed
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${fromId}::uuid
    on conflict (organization_id, key, contact_id) do update
      set is_confirmed = true
      where excluded.is_confirmed and not k.is_confirmed
    returning key, xmax = 0 as is_new`,
  );
  const told = (isNew: boolean) => rows.filter(({ is_new }) => is_new === isNew).map(({ key }) => key);
  return { keys: told(true), confirmed: told(false) };
}

/** Takes keys from a customer that a merge had added, but for those that are theirs by now, and what it had confirmed. */
export async function takeKeys(
  context: ReadContext,
  contactId: string,
  { keys, confirmed }: { keys: readonly string[]; confirmed: readonly string[] },
  keep: readonly string[],
): Promise<void> {
  const theirs = sql`organization_id = ${context.organization.id}::uuid and contact_id = ${contactId}::uuid`;
  await context.tx.run(sql`
    delete from contact_keys
    where ${theirs}
      and key = any (${[...keys]}::text[])
      and not key = any (${[...keep]}::text[])`);
  await context.tx.run(sql`
    update contact_keys
    set is_confirmed = false
    where ${theirs}
      and key = any (${[...confirmed]}::text[])`);
}

const answer = z.object({ holds: z.boolean() });

/**
 * Whether an agent has changed what two customers are compared by, while a person has confirmed an address of mail for one
 * of them that the other one does not have.
 */
export async function isMadeAlike(context: ReadContext, ids: readonly [string, string]): Promise<boolean> {
  const { holds } = await context.tx.one(
    answer,
    sql`
    select
      exists (
        select
        from contact_keys
        where organization_id = ${context.organization.id}::uuid
          and contact_id = any (${[...ids]}::uuid[])
          and key like 'email:%'
        group by key
        having count(*) = 1 and bool_or(is_confirmed)
      )
      and exists (
        select
        from audit_log
        where organization_id = ${context.organization.id}::uuid
          and subject_type = 'contact'
          and subject_id = any (${[...ids]}::uuid[])
          and entity_type = 'contact'
          and action = 'update'
          and actor_kind = 'agent'
          and changes ?| '{full_name,first_name,last_name,nickname,emails,phones}'
      ) as holds`,
  );
  return holds;
}
