import { z } from 'zod';
import type { Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

/** A page of Stripe at which a bill may be paid, as we have written it down. */
export const pageRow = z.object({
  id: z.string(),
  session_id: z.string(),
  invoice_id: z.string(),
  amount_cents: z.number(),
  currency: z.string(),
  url: z.string(),
  status: z.enum(['open', 'complete', 'expired']),
  expires_at: z.string(),
});
export type Page = z.infer<typeof pageRow>;

const pages = { from: 'checkout_sessions', soft_deletes: false };

/** The pages of a bill that nobody has paid at or closed, newest first; some may be over by now. */
export const listOpenPages = (context: ReadContext, invoiceId: string): Promise<Page[]> =>
  pickRows(
    context,
    pages,
    pageRow,
    sql`invoice_id = ${invoiceId}::uuid and status = 'open' order by created_at desc, id desc`,
  );

/** The page of this id, when a bill of this business is paid there. */
export async function findPage(context: ReadContext, sessionId: string): Promise<Page | undefined> {
  const [found] = await pickRows(context, pages, pageRow, sql`session_id = ${sessionId}`);
  return found;
}

/** How many pages a bill has had. */
export async function countPages(context: ReadContext, invoiceId: string): Promise<number> {
  const { count } = await context.tx.one(
    z.object({ count: z.number() }),
    sql`
    select count(*) as count
    from checkout_sessions
    where organization_id = ${context.organization.id}::uuid
      and invoice_id = ${invoiceId}::uuid`,
  );
  return count;
}

/** Writes a page down, once. */
export const keepPage = (context: Context, page: Omit<Page, 'id' | 'status'>): Promise<number> =>
  context.tx.run(sql`
    insert into checkout_sessions (
      organization_id, id, session_id, invoice_id, amount_cents, currency, url, expires_at
    )
    values (
      ${context.organization.id}::uuid, ${newId()}::uuid, ${page.session_id}, ${page.invoice_id}::uuid,
      ${page.amount_cents}::bigint, ${page.currency}, ${page.url}, ${page.expires_at}::timestamptz
    )
    on conflict (organization_id, session_id) do nothing`);

/** Writes down how a page stands, and the payment made there. */
export const setPage = (
  context: Context,
  id: string,
  { status, payment_intent_id }: { status: Page['status']; payment_intent_id: string | null },
): Promise<number> =>
  context.tx.run(sql`
    update checkout_sessions
    set status = ${status},
      payment_intent_id = coalesce(${payment_intent_id}::text, payment_intent_id)
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and (status, payment_intent_id) is distinct from
        (${status}, coalesce(${payment_intent_id}::text, payment_intent_id))`);

/** Which business something of Stripe's belongs to, by what we wrote down ourselves (D3); asked before any is known. */
export async function findStripeOwner(
  tx: Tx,
  objectId: string,
  beside: readonly string[] = [],
): Promise<string | undefined> {
  const { id } = await tx.one(
    z.object({ id: z.string().nullable() }),
    sql`select owner_of_stripe_object(${[objectId, ...beside]}::text[]) as id`,
  );
  return id ?? undefined;
}
