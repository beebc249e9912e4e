import { z } from 'zod';
import { join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { contactStatuses } from './record.ts';

const sameKey = z.object({ key: z.string(), contact_id: z.string() });

/** Whether the contacts whose keys these are were made by this transaction, so that they have none yet. */
type Are = 'new' | 'new or known';

/** Writes keys of a contact, at least one; answers other contacts that have one of these, deleted ones too, at most twenty. */
export function putKeys(context: ReadContext, contact_id: string, keys: readonly string[], are: Are) {
  const rows = keys.map(key => ({ key, contact_id }));
  return context.tx.many(
    sameKey,
    sql`
    with put as (${insertion(context, rows, are)})
    select key, contact_id
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and key in (${join(
        keys.map(key => sql`${key}::text`),
        ', ',
      )})
      and contact_id <> ${contact_id}::uuid
    order by contact_id
    limit 20`,
  );
}

/** What writes thousands of keys of new contacts, each of them once. */
export function keyInsertionsOf(
  context: Pick<ReadContext, 'organization'>,
  keys: readonly ContactKey[],
): Sql[] {
  const statements: Sql[] = [];
  for (let start = 0; start < keys.length; start += 1000)
    statements.push(insertion(context, keys.slice(start, start + 1000), 'new'));
  return statements;
}

interface ContactKey {
  key: string;
  contact_id: string;
}

// Of new contacts nobody looks whether they have the key already: that takes as long as writing it.
const insertion = (
  { organization }: Pick<ReadContext, 'organization'>,
  keys: readonly ContactKey[],
  are: Are,
): Sql => sql`
  insert into contact_keys (organization_id, key, contact_id)
  select ${organization.id}::uuid, key, contact_id
  from unnest(
    ${keys.map(({ key }) => key)}::text[],
    ${keys.map(({ contact_id }) => contact_id)}::uuid[]
  ) as k (key, contact_id)
  ${are === 'new' ? raw('') : raw('on conflict (organization_id, key, contact_id) do nothing')}`;

/** Removes the e-mail and telephone keys a contact has no longer; keys of other systems stay. */
export async function deleteStaleKeys(
  context: ReadContext,
  contactId: string,
  keep: readonly string[],
): Promise<void> {
  await context.tx.run(sql`
    delete from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and (key like 'email:%' or key like 'phone:%')
      and not key = any (${[...keep]}::text[])`);
}

/**
 * Writes keys a contact had before. Whether an address was confirmed, the history tells: a person of the business wrote it
 * down as a new one, made it the main one, or said so. What came along with a merge or with something taken back proves
 * nothing, nor does an entry of an agent.
 */
export async function returnKeys(
  { tx, organization }: ReadContext,
  contactId: string,
  keys: readonly string[],
): Promise<void> {
  await tx.run(sql`
    insert into contact_keys (organization_id, key, contact_id, is_confirmed)
    select ${organization.id}::uuid, wanted.key, ${contactId}::uuid, exists (
      select
      from audit_log as a
      where a.organization_id = ${organization.id}::uuid
        and a.subject_type = 'contact'
        and a.subject_id = ${contactId}::uuid
        and a.entity_type = 'contact'
        and a.actor_kind in ('user', 'system')
        and coalesce(a.domain_action, '') <> all ('{audit.undo,contact.merge,contact.unmerge}')
        and (
          a.action = 'email_confirmed'
            and a.domain_action = 'contact.confirm_email'
            and a.changes #>> '{email,new}' = wanted.address
          or a.action in ('create', 'update')
            and (
              a.changes #>> '{email,new}' = wanted.address
              or a.changes #> '{emails,new}' @> wanted.as_email
                and not coalesce(a.changes #> '{emails,old}' @> wanted.as_email, false)
              or a.changes #> '{phones,new}' @> wanted.as_phone
                and not coalesce(a.changes #> '{phones,old}' @> wanted.as_phone, false)
            )
        )
    )
    from (
      select
        key,
        split_part(key, ':', 2) as address,
        jsonb_build_array(jsonb_build_object('email', split_part(key, ':', 2))) as as_email,
        jsonb_build_array(jsonb_build_object('number', split_part(key, ':', 2))) as as_phone
      from unnest(${[...keys]}::text[]) as key
    ) as wanted
    on conflict (organization_id, key, contact_id) do nothing`);
}

const consent = z.object({
  own: z.object({ status: z.enum(contactStatuses), email_opt_in: z.boolean().nullable() }).nullable(),
  /** Another customer, deleted ones too, who has the same e-mail address and wants no mail: the reference. */
  alike: z.string().nullable(),
});

/** What a customer, and whoever has one of their e-mail addresses, has said about being written to. */
export function findConsent(context: ReadContext, id: string) {
  return context.tx.one(
    consent,
    sql`
    select
      (
        select jsonb_build_object('status', c.status, 'email_opt_in', c.email_opt_in)
        from contacts as c
        where c.organization_id = ${context.organization.id}::uuid
          and c.id = ${id}::uuid
      ) as own,
      (
        select o.reference
        from contact_keys as k
        join contact_keys as same on same.organization_id = k.organization_id and same.key = k.key
        join contacts as o on o.organization_id = same.organization_id and o.id = same.contact_id
        where k.organization_id = ${context.organization.id}::uuid
          and k.contact_id = ${id}::uuid
          and k.key like 'email:%'
          and o.id <> k.contact_id
          and (o.status = 'unsubscribed' or o.email_opt_in = false)
        order by o.id
        limit 1
      ) as alike`,
  );
}

/** Writes the source of a consent into the history. */
export async function insertConsent(
  context: ReadContext,
  id: string,
  source: Readonly<Record<string, string>>,
): Promise<void> {
  const changes = Object.fromEntries(
    Object.entries(source).map(([name, said]) => [name, { old: null, new: said }]),
  );
  await context.tx.run(
    sql`select log_audit('contact', ${id}::uuid, 'consent_given', ${JSON.stringify(changes)}::jsonb)`,
  );
}

/** Writes down what Stripe calls a customer, where that is still what the caller knows; answers how many rows that was. */
export const setStripeCustomer = (
  context: ReadContext,
  contactId: string,
  { was, becomes }: { was: string | null; becomes: string | null },
): Promise<number> =>
  context.tx.run(sql`
    update contacts
    set stripe_customer_id = ${becomes}
    where organization_id = ${context.organization.id}::uuid
      and id = ${contactId}::uuid
      and stripe_customer_id is not distinct from ${was}::text`);

/** Forgets what Stripe called a customer, because nobody is called so there any more; answers how many rows that was. */
export const forgetStripeCustomer = (context: ReadContext, stripeId: string): Promise<number> =>
  context.tx.run(sql`
    update contacts
    set stripe_customer_id = null
    where organization_id = ${context.organization.id}::uuid
      and stripe_customer_id = ${stripeId}`);

/** Who stands for the business itself; undefined when nobody has been needed yet. */
export async function findSystemContact(context: ReadContext): Promise<string | undefined> {
  const found = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and is_system
      and deleted_at is null
    order by id
    limit 1`,
  );
  return found?.id;
}
