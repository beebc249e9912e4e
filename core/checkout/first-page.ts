import { z } from 'zod';
import type { Invoice } from '../invoices/invoice.ts';
import { makePayLink } from '../invoices/pay-link.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { JobHandler } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { isPaidOnline } from './is-on.ts';
import { asFailure } from './trouble.ts';

const kind = 'open_payment_page';

/**
 * Has the payer of a bill and its first page made at Stripe (STR-04), where bills are paid so. Nobody waits for it: the mail goes out
 * by itself, and whoever presses Pay before gets a page, too.
 */
export async function openFirstPage(context: Context, invoice: Invoice): Promise<void> {
  if (!(await isPaidOnline(context, invoice))) return;
  await makePayLink(context, invoice);
  await context.enqueue({ kind, payload: { invoice_id: invoice.id }, dedupe_key: invoice.id });
}

const payload = z.object({ invoice_id: z.string() });
const opened = z.object({ expires_at: z.string() });

/** Opens the first page of a bill that was sent. One that was paid or has ended meanwhile needs none. */
export const openFirstPageJob: JobHandler = {
  kind,
  summary: 'opens a page at Stripe where a bill that was sent can be paid',
  async run({ organization_id, payload: given }, tools) {
    const parsed = payload.safeParse(given);
    if (!parsed.success) throw new PermanentFailure('This job names no bill.');
    try {
      const call = { action: 'invoice.open_checkout', data: parsed.data };
      return { open_until: opened.parse((await tools.execute(organization_id, call)).data).expires_at };
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'INVALID_STATE') return { skipped: error.message };
      throw asFailure(error);
    }
  },
};
