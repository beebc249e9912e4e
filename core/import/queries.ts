import { z } from 'zod';
import { identifier, raw, sql, valueRows } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const known = z.object({
  key: z.string(),
  contact_id: z.string(),
  reference: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  kind: z.string(),
});
export type KnownContact = z.infer<typeof known>;

/** Living contacts that have one of these keys. */
export async function listKnown(context: ReadContext, keys: readonly string[]): Promise<KnownContact[]> {
  const found: KnownContact[] = [];
  for (let start = 0; start < keys.length; start += 5000) {
    const rows = await context.tx.many(
      known,
      sql`
      select k.key, k.contact_id, c.reference, c.first_name, c.last_name, c.full_name, c.kind
      from contact_keys as k
      join contacts as c on c.organization_id = k.organization_id and c.id = k.contact_id
      where k.organization_id = ${context.organization.id}::uuid
        and k.key = any (${keys.slice(start, start + 5000)}::text[])
        and c.deleted_at is null`,
    );
    found.push(...rows);
  }
  return found;
}

/** Keys of contacts that are being written; like `insertRows`, on their way when it returns. */
/** Makes imports of one business wait for each other: of two of the same file the second finds everybody known. */
export async function lockImports(context: ReadContext): Promise<void> {
  await context.tx.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`import:${context.organization.id}`}, 0))`,
  );
}

export async function insertManyKeys(
  context: ReadContext,
  keys: readonly { key: string; contact_id: string }[],
): Promise<void> {
  const statements: Promise<number>[] = [];
  for (let start = 0; start < keys.length; start += 1000) {
    const rows = keys
      .slice(start, start + 1000)
      .map(({ key, contact_id }) => [context.organization.id, key, contact_id]);
    statements.push(
      context.tx.run(sql`
      insert into contact_keys (organization_id, key, contact_id)
      values ${valueRows(['uuid', 'text', 'uuid'], rows)}
      on conflict (organization_id, key, contact_id) do nothing`),
    );
  }
  await Promise.all(statements);
}

const named = z.object({ id: z.string(), name: z.string() });

/** Living companies with these names, whatever the case. */
export function listCompanies(context: ReadContext, names: readonly string[]) {
  return context.tx.many(
    named,
    sql`
    select id, name
    from companies
    where organization_id = ${context.organization.id}::uuid
      and lower(name) = any (${names.map(name => name.toLowerCase())}::text[])
      and deleted_at is null
    order by created_at, id`,
  );
}

/** Keeps the customers of a batch from being booked until this transaction ends. */
export async function lockContacts(context: ReadContext, importId: string): Promise<void> {
  await context.tx.run(sql`
    select 1
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and import_batch_id = ${importId}::uuid
    order by id
    for no key update`);
}

const used = z.object({ id: z.string(), reference: z.string(), full_name: z.string() });

/** Contacts of a batch that have visits by now: those an undo must not take away. */
export function listUsedContacts(context: ReadContext, importId: string) {
  return context.tx.many(
    used,
    sql`
    select c.id, c.reference, c.full_name
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.import_batch_id = ${importId}::uuid
      and c.deleted_at is null
      and exists (
        select 1
        from tickets as t
        where t.organization_id = c.organization_id
          and t.contact_id = c.id
      )
    order by c.reference
    limit 100`,
  );
}

const tables = { note: 'notes', address: 'addresses', contact: 'contacts', company: 'companies' } as const;

/** Deletes everything a batch brought; answers the ids of what is gone, by record. */
export async function deleteBatch(context: ReadContext, importId: string) {
  const gone = new Map<string, string[]>();
  for (const [record, table] of Object.entries(tables)) {
    const rows = await context.tx.many(
      z.object({ id: z.string() }),
      sql`
      update ${identifier(table)}
      set deleted_at = now()
      where organization_id = ${context.organization.id}::uuid
        and import_batch_id = ${importId}::uuid
        and deleted_at is null
        ${table === 'companies' ? unusedCompany : raw('')}
      returning id`,
    );
    gone.set(
      record,
      rows.map(row => row.id),
    );
  }
  return gone;
}

// A company that somebody else works for by now stays.
const unusedCompany = sql`
  and not exists (
    select 1
    from contacts as c
    where c.organization_id = companies.organization_id
      and c.company_id = companies.id
      and c.deleted_at is null
  )`;

/** Marks a batch as undone; false when it was before. */
export async function markUndone(context: ReadContext, importId: string): Promise<boolean> {
  const marked = await context.tx.run(sql`
    update import_batches
    set undone_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${importId}::uuid
      and undone_at is null`);
  return marked === 1;
}
