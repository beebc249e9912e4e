import { type Invoice, invoiceRecord } from '../invoices/invoice.ts';
import { findLink } from '../kernel/outside/links.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';

/** The purpose of the link whose page shows a bill to its payer (D4). */
export const payPurpose = 'pay';

/** What stands behind the address of that page when somebody comes back from Stripe. It is a word, and no proof (STR-06). */
export const cameBack = '?came=paid';

/** The link by which the payer of a bill comes to our page, its id: the caller's own, else the one there is. */
export async function payLinkOf(
  context: ReadContext,
  invoiceId: string,
  own?: string,
): Promise<string | undefined> {
  if (own !== undefined) return own;
  const spec = context.registry.links.get(payPurpose);
  if (!spec) return undefined;
  const { id, contact_id } = await getRow(context, invoiceRecord, invoiceId);
  return findLink(context, spec, { subject_id: id, contact_id });
}

/** Makes the payer's link of a bill where there is such a page. */
export async function makePayLink(
  context: Context,
  { id, contact_id }: Pick<Invoice, 'id' | 'contact_id'>,
): Promise<void> {
  if (!context.registry.links.has(payPurpose)) return;
  await context.makeLink({ purpose: payPurpose, subject_id: id, contact_id });
}
