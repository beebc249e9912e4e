import { z } from 'zod';
import type { ReadContext } from '../kernel/context.ts';
import { sql } from '../kernel/sql.ts';

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

/** Companies whose name starts with or resembles what somebody wrote. */
export function listByName(context: ReadContext, text: string) {
  return context.tx.many(
    candidate,
    sql`
    select id, reference, name as label
    from companies
    where organization_id = ${context.organization.id}::uuid
      and deleted_at is null
      and (name ilike ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} or similarity(name, ${text}) > 0.4)
    order by similarity(name, ${text}) desc, id
    limit 6`,
  );
}

export async function countContacts(context: ReadContext, companyId: string): Promise<number> {
  const { count } = await context.tx.one(
    z.object({ count: z.number() }),
    sql`
    select count(*) as count
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and company_id = ${companyId}::uuid
      and deleted_at is null`,
  );
  return count;
}

/** The ids of the living contacts of a company. */
export async function listContacts(context: ReadContext, companyId: string): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    select id
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and company_id = ${companyId}::uuid
      and deleted_at is null`,
  );
  return rows.map(row => row.id);
}

const documentSource = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  legal_name: z.string().nullable(),
  industry: z.string().nullable(),
  main_phone: z.string().nullable(),
  billing_email: z.string().nullable(),
  tags: z.array(z.string()),
  notes: z.string().nullable(),
});

export function listDocumentSources(context: ReadContext, ids: readonly string[]) {
  return context.tx.many(
    documentSource,
    sql`
    select id, reference, name, legal_name, industry, main_phone, billing_email, tags, notes
    from companies
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null`,
  );
}
