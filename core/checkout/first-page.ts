import { z } from 'zod';
import type { Invoice } from '../invoices/invoice.ts';
import { makePayLink } from '../invoices/pay-link.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
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
  const { id, collection_method } = invoice;
  const asks = collection_method === 'stripe_invoice' ? { asks: collection_method } : {};
  await context.enqueue({ kind, payload: { invoice_id: id, ...asks }, dedupe_key: id });
}

const payload = z.object({ invoice_id: z.string(), asks: z.literal('stripe_invoice').optional() });
const opened = z.object({ expires_at: z.string() });

/** Opens the first page of a bill that was sent. One that was paid or has ended meanwhile needs none. */
export const openFirstPageJob: JobHandler = {
  kind,
  summary:
    'opens a page at Stripe where a bill that was sent can be paid, or has Stripe ask for it by an invoice',
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no bill.');
    const { asks, ...data } = parsed.data;
    try {
      const call = { action: 'invoice.open_checkout', data };
      return { open_until: opened.parse((await tools.execute(job.organization_id, call)).data).expires_at };
    } catch (error) {
      if (error instanceof DeskhandError && error.code === 'INVALID_STATE') return { skipped: error.message };
      const failure = asFailure(error);
      if (asks && failure instanceof PermanentFailure) await tell(job, tools, failure.message);
      throw failure;
    }
  },
  async gaveUp(job, tools) {
    if (payload.safeParse(job.payload).data?.asks) await tell(job, tools, 'Stripe could not be reached.');
  },
};

/** A bill that Stripe does not ask for is for the owner to know: nobody else looks there. */
const tell = (
  { organization_id, payload: given }: Job,
  { execute }: Pick<JobTools, 'execute'>,
  said: string,
) =>
  execute(organization_id, {
    action: 'invoice.note_not_at_stripe',
    data: { invoice_id: payload.parse(given).invoice_id, said },
  });
