import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { companyRecord } from './company.ts';

/** Companies whose name holds or resembles what somebody wrote. */
export function listByName(
  context: ReadContext,
  text: string,
  among?: readonly string[],
): Promise<Candidate[]> {
  return listCandidates(context, companyRecord, {
    where: sql`(name ilike ${anywhere(text)} or similarity(name, ${text}) > 0.4)`,
    order: sql`similarity(name, ${text}) desc`,
    among,
  });
}

const named = z.object({ id: z.string(), name: z.string() });

/** Living companies with these names, whatever the case, the oldest first. */
export function listNamed(context: ReadContext, names: readonly string[]) {
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

/** Makes whoever wants to add a company of this name wait for this transaction. */
export async function lockName(context: ReadContext, name: string): Promise<void> {
  const lock = `company:${context.organization.id}:${name}`;
  await context.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
}
