import { draft } from '../invoices/billing.ts';
import type { Online } from './online.ts';

/** A bill that Stripe asks for by an invoice of its own: sent, and at Stripe. Answers both numbers. */
export async function billAtStripe(
  online: Online,
  more: Record<string, unknown> = {},
): Promise<{ invoice_id: string; at_stripe: string }> {
  const { panes, work } = online;
  const invoice_id = await draft(panes);
  await panes.done(panes.dana, 'invoice.update', {
    invoice_id,
    collection_method: 'stripe_invoice',
    ...more,
  });
  await panes.done(panes.dana, 'invoice.send', { invoice_id });
  await work();
  return { invoice_id, at_stripe: String(invoicesOf(online, invoice_id).at(-1)?.id) };
}

/** The invoices of a bill at Stripe, the oldest first. */
export const invoicesOf = ({ account }: Online, invoice_id: string) =>
  account.list('invoice').filter(each => Object(each.metadata).invoice === invoice_id);
