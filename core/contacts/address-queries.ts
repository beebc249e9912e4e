import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const trust = z.object({
  /** It stands with the customer. */
  is_theirs: z.boolean(),
  /** And a person of the business has said so. */
  is_confirmed: z.boolean(),
  /** The customer's own address was another one before. */
  had_another: z.boolean(),
});

/** How an address of mail stands to a customer. */
export function findAddressTrust(context: ReadContext, contactId: string, email: string) {
  return context.tx.one(
    trust,
    sql`
    select
      k.key is not null as is_theirs,
      coalesce(k.is_confirmed, false) as is_confirmed,
      exists (
        select
        from audit_log as a
        where a.organization_id = ${context.organization.id}::uuid
          and a.subject_type = 'contact'
          and a.subject_id = ${contactId}::uuid
          and a.entity_type = 'contact'
          and a.changes #>> '{email,old}' is not null
      ) as had_another
    from (values (1)) as one (row)
    left join contact_keys as k
      on k.organization_id = ${context.organization.id}::uuid
      and k.contact_id = ${contactId}::uuid
      and k.key = ${`email:${email.toLowerCase()}`}`,
  );
}

/** Marks an address of a customer as confirmed; false when it is none of theirs. */
export async function setConfirmed(context: ReadContext, contactId: string, email: string): Promise<boolean> {
  const changed = await context.tx.run(sql`
    update contact_keys
    set is_confirmed = true
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and key = ${`email:${email.toLowerCase()}`}`);
  return changed === 1;
}

/** That a person confirmed an address stands in the history: what is derived from the customer is not audited itself. */
export async function logConfirmed(context: ReadContext, contactId: string, email: string): Promise<void> {
  const changes = { email: { old: null, new: email } };
  await context.tx.run(
    sql`select log_audit('contact', ${contactId}::uuid, 'email_confirmed', ${JSON.stringify(changes)}::jsonb)`,
  );
}

const unconfirmed = z.object({ contact_id: z.string(), email: z.string() });

/** The addresses of some customers that nobody of the business has confirmed. */
export function listUnconfirmed(context: ReadContext, contactIds: readonly string[]) {
  return context.tx.many(
    unconfirmed,
    sql`
    select contact_id, substr(key, 7) as email
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = any (${[...contactIds]}::uuid[])
      and key like 'email:%'
      and not is_confirmed
    order by contact_id, key`,
  );
}
