import type { Invoice } from '../invoices/invoice.ts';
import { balanceOf } from '../invoices/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { sumPending } from '../payments/of-stripe.ts';
import { listOpenPages, type Page, setPage } from './queries.ts';

/** The kind of the jobs that close a page at Stripe. */
export const closing = 'close_payment_page';

/**
 * Closes the pages that ask for something else than the bill does by now: it was paid otherwise, in part or whole, a bank is
 * bringing the money (D5), or it has ended. The bill is locked. What was paid there in the meantime is kept as any payment (D8).
 */
export async function closeStalePages(context: Context, invoice: Invoice): Promise<void> {
  const pages = await listOpenPages(context, invoice.id);
  if (pages.length === 0) return;
  const asked_cents = balanceOf(invoice, '').due_cents - (await sumPending(context, invoice.id));
  for (const page of pages) {
    if (page.amount_cents === asked_cents && page.currency === invoice.currency) continue;
    await closePage(context, page);
  }
}

/** Leads nobody to a page any more, and has it closed at Stripe. */
export async function closePage(
  context: Context,
  { id, session_id, kind }: Pick<Page, 'id' | 'session_id' | 'kind'>,
): Promise<void> {
  await setPage(context, id, { status: 'expired', payment_intent_id: null });
  const payload = kind === 'bill' ? { session_id, kind } : { session_id };
  await context.enqueue({ kind: closing, payload, dedupe_key: session_id });
}
