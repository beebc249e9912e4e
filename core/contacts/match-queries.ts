import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const known = z.object({
  id: z.string(),
  reference: z.string(),
  label: z.string(),
  company_id: z.string().nullable(),
});
export type KnownContact = z.infer<typeof known>;

/** Living contacts that have one of these keys, oldest first, at most six. */
export function listByKeys(context: ReadContext, keys: readonly string[]): Promise<KnownContact[]> {
  return context.tx.many(
    known,
    sql`
    select id, reference, full_name as label, company_id
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and id in (
        select contact_id
        from contact_keys
        where organization_id = ${context.organization.id}::uuid
          and key = any (${[...keys]}::text[])
      )
      and deleted_at is null
    order by id
    limit 6`,
  );
}

/** Makes whoever wants to add a contact with one of these keys wait for this transaction; in order, so never in a circle. */
export async function lockKeys(context: ReadContext, keys: readonly string[]): Promise<void> {
  for (const key of [...keys].sort()) {
    const lock = `contact:${context.organization.id}:${key}`;
    await context.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  }
}
