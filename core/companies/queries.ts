import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
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

/** Marks the address to which the bills of a company go as confirmed, when it is that one. */
export const setConfirmed = (context: ReadContext, id: string, email: string) =>
  context.tx.run(sql`
    update companies
    set is_billing_email_confirmed = true
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and lower(billing_email) = ${email.toLowerCase()}
      and not is_billing_email_confirmed`);

/** Writes down what Stripe calls a company, unless something else was written down meanwhile. */
export const setStripeCustomer = (
  context: ReadContext,
  id: string,
  { was, becomes }: { was: string | null; becomes: string },
): Promise<number> =>
  context.tx.run(sql`
    update companies
    set stripe_customer_id = ${becomes}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and stripe_customer_id is not distinct from ${was}::text`);

/** Forgets what Stripe called a company, because nobody is called so there any more; answers how many rows that was. */
export const forgetStripeCustomer = (context: ReadContext, stripeId: string): Promise<number> =>
  context.tx.run(sql`
    update companies
    set stripe_customer_id = null
    where organization_id = ${context.organization.id}::uuid
      and stripe_customer_id = ${stripeId}`);

const named = z.object({ id: z.string(), name: z.string() });

/** Living companies with these names, whatever the case, the oldest first. */
export const listNamed = (context: ReadContext, names: readonly string[]) =>
  pickRows(
    context,
    companyRecord,
    named,
    sql`lower(name) = any (${names.map(name => name.toLowerCase())}::text[]) order by created_at, id`,
  );
