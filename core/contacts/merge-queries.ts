import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { RowIn } from '../kernel/records/record.ts';
import { columnsOf } from '../kernel/records/record-queries.ts';
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

const keyRow = z.object({ key: z.string() });

/** Makes one customer recognised by what the other one is recognised by; answers the keys that are new. */
export async function addKeys(context: ReadContext, fromId: string, toId: string): Promise<string[]> {
  const rows = await context.tx.many(
    keyRow,
    sql`
    insert into contact_keys (organization_id, key, contact_id)
    select organization_id, key, ${toId}::uuid
    from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${fromId}::uuid
    on conflict (organization_id, key, contact_id) do nothing
    returning key`,
  );
  return rows.map(({ key }) => key);
}

/** Takes keys from a customer that a merge had added, but for those that are theirs by now. */
export async function takeKeys(
  context: ReadContext,
  contactId: string,
  keys: readonly string[],
  keep: readonly string[],
): Promise<void> {
  await context.tx.run(sql`
    delete from contact_keys
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and key = any (${[...keys]}::text[])
      and not key = any (${[...keep]}::text[])`);
}
