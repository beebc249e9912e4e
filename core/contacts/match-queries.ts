import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const known = z.object({
  id: z.string(),
  reference: z.string(),
  label: z.string(),
  company_id: z.string().nullable(),
  /** Which of the keys they have: `email:…`, `phone:…`. */
  keys: z.array(z.string()),
});
export type KnownContact = z.infer<typeof known>;

/** Living contacts that have one of these keys, oldest first, at most six. */
export function listByKeys(context: ReadContext, keys: readonly string[]): Promise<KnownContact[]> {
  return context.tx.many(
    known,
    sql`
    select c.id, c.reference, c.full_name as label, c.company_id, array_agg(k.key order by k.key) as keys
    from contact_keys as k
    join contacts as c on c.organization_id = k.organization_id and c.id = k.contact_id
    where k.organization_id = ${context.organization.id}::uuid
      and k.key = any (${[...keys]}::text[])
      and c.deleted_at is null
    group by c.id, c.reference, c.full_name, c.company_id
    order by c.id
    limit 6`,
  );
}

const holder = z.object({
  key: z.string(),
  contact_id: z.string(),
  reference: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  nickname: z.string().nullable(),
  kind: z.string(),
});
export type KeyHolder = z.infer<typeof holder>;

/** Living contacts that have one of thousands of keys, each once for every key. */
export async function listKeyHolders(context: ReadContext, keys: readonly string[]): Promise<KeyHolder[]> {
  // Each key by its index, whatever is thought of tables that have just grown.
  const found: KeyHolder[] = [];
  for (let start = 0; start < keys.length; start += 5000) {
    const rows = await context.tx.many(
      holder,
      sql`
      select wanted.key, c.contact_id, c.reference, c.first_name, c.last_name, c.full_name, c.nickname, c.kind
      from unnest(${keys.slice(start, start + 5000)}::text[]) as wanted (key)
      cross join lateral (
        select contact_id
        from contact_keys
        where organization_id = ${context.organization.id}::uuid
          and key = wanted.key
        offset 0
      ) as k
      cross join lateral (
        select id as contact_id, reference, first_name, last_name, full_name, nickname, kind
        from contacts
        where organization_id = ${context.organization.id}::uuid
          and id = k.contact_id
          and deleted_at is null
        offset 0
      ) as c`,
    );
    found.push(...rows);
  }
  return found;
}

/** Makes whoever wants to add a contact with one of these keys wait for this transaction; in order, so never in a circle. */
export async function lockKeys(context: ReadContext, keys: readonly string[]): Promise<void> {
  for (const key of [...keys].sort()) {
    const lock = `contact:${context.organization.id}:${key}`;
    await context.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  }
}

const namedContact = holder
  .omit({ key: true })
  .extend({ email: z.string().nullable(), phone: z.string().nullable() });
export type NamedContact = z.infer<typeof namedContact>;

/** Living contacts of exactly one of these names, given in small letters with single spaces. */
export async function listOfNames(context: ReadContext, names: readonly string[]): Promise<NamedContact[]> {
  const found: NamedContact[] = [];
  for (let start = 0; start < names.length; start += 5000) {
    const rows = await context.tx.many(
      namedContact,
      sql`
      select id as contact_id, reference, first_name, last_name, full_name, nickname, kind, email, phone
      from contacts
      where organization_id = ${context.organization.id}::uuid
        and lower(regexp_replace(btrim(full_name), '\s+', ' ', 'g')) = any (${names.slice(start, start + 5000)}::text[])
        and deleted_at is null
      order by id`,
    );
    found.push(...rows);
  }
  return found;
}
