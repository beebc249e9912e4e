import { z } from 'zod';
import type { Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

/** A page of Stripe at which a bill may be paid, or its invoice there, as we have written it down. */
export const pageRow = z.object({
  id: z.string(),
  session_id: z.string(),
  kind: z.enum(['session', 'bill']),
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

/** What Stripe calls the invoices of a bill that were ended here; it may not have heard of that yet. */
export async function listEnded(context: ReadContext, invoiceId: string): Promise<string[]> {
  const ended = await pickRows(
    context,
    pages,
    pageRow.pick({ session_id: true }),
    sql`invoice_id = ${invoiceId}::uuid and kind = 'bill' and status = 'expired'`,
  );
  return ended.map(({ session_id }) => session_id);
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
export const keepPage = (
  context: Context,
  page: Omit<Page, 'id' | 'status'> & { payment_intent_id: string | null },
): Promise<number> =>
  context.tx.run(sql`
    insert into checkout_sessions (
      organization_id, id, session_id, kind, invoice_id, amount_cents, currency, url, payment_intent_id, expires_at
    )
    values (
      ${context.organization.id}::uuid, ${newId()}::uuid, ${page.session_id}, ${page.kind}, ${page.invoice_id}::uuid,
      ${page.amount_cents}::bigint, ${page.currency}, ${page.url}, ${page.payment_intent_id},
      ${page.expires_at}::timestamptz
    )
    on conflict (organization_id, session_id) do nothing`);

/** Writes down how a page stands, the payment made there, and what it asks for, when that is another amount by now. */
export const setPage = (
  context: Context,
  id: string,
  {
    status,
    payment_intent_id,
    amount_cents = null,
  }: { status: Page['status']; payment_intent_id: string | null; amount_cents?: number | null },
): Promise<number> =>
  context.tx.run(sql`
    update checkout_sessions
    set status = ${status},
      payment_intent_id = coalesce(${payment_intent_id}::text, payment_intent_id),
      amount_cents = coalesce(${amount_cents}::bigint, amount_cents)
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and (status, payment_intent_id, amount_cents) is distinct from
        (
          ${status}, coalesce(${payment_intent_id}::text, payment_intent_id),
          coalesce(${amount_cents}::bigint, amount_cents)
        )`);

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
