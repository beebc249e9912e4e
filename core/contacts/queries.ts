import { z } from 'zod';
import { type Sql, sql, valueRows } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

/** Living contacts by id, in the order of the ids. */
export function listCandidates(context: ReadContext, ids: readonly string[]): Promise<Candidate[]> {
  return context.tx.many(
    candidate,
    sql`
    select id, reference, full_name as label
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null
    order by array_position(${[...ids]}::uuid[], id)`,
  );
}

const sameKey = z.object({ key: z.string(), contact_id: z.string() });

/** Other contacts that have one of these keys, deleted ones too, at most twenty. */
export function listSameKeys(context: ReadContext, keys: readonly string[], except: string) {
  return context.tx.many(
    sameKey,
    sql`
    select key, contact_id
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and key = any (${[...keys]}::text[])
      and contact_id <> ${except}::uuid
    order by contact_id
    limit 20`,
  );
}

/** Writes the keys of a contact; at least one. */
export function sendKeys(context: ReadContext, contact_id: string, keys: readonly string[]): void {
  context.tx.send(
    insertion(
      context,
      keys.map(key => ({ key, contact_id })),
    ),
  );
}

/** Writes thousands of keys; its statements are on their way when it returns. */
export async function insertKeys(context: ReadContext, keys: readonly ContactKey[]): Promise<void> {
  const statements: Promise<number>[] = [];
  for (let start = 0; start < keys.length; start += 1000)
    statements.push(context.tx.run(insertion(context, keys.slice(start, start + 1000))));
  await Promise.all(statements);
}

interface ContactKey {
  key: string;
  contact_id: string;
}

const insertion = ({ organization }: ReadContext, keys: readonly ContactKey[]): Sql => sql`
  insert into contact_keys (organization_id, key, contact_id)
  values ${valueRows(
    ['uuid', 'text', 'uuid'],
    keys.map(({ key, contact_id }) => [organization.id, key, contact_id]),
  )}
  on conflict (organization_id, key, contact_id) do nothing`;

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
