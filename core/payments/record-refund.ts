import { z } from 'zod';
import { tellOfRefund } from '../checkout/tell-of-refund.ts';
import { lockInvoice } from '../invoices/invoice.ts';
import { noteIncident } from '../kernel/outside/webhook-fates.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { externalId } from '../kernel/words/text-schemas.ts';
import { lockPayment, paymentRecord, refundRecord } from './payment.ts';
import type { Payment, Refund } from './record.ts';
import { writeRefused, writeToldRefund } from './told-refund.ts';

const code = z.string().regex(/^\w{1,60}$/);

const input = z.strictObject({
  refund_id: ref('refund'),
  status: z.enum(['pending', 'succeeded', 'failed']),
  failure: code.nullish().meta({ description: 'a code that says why not' }),
  at_stripe: z
    .strictObject({ id: externalId, created_at: z.iso.datetime({ offset: true }) })
    .optional()
    .meta({ description: 'the refund there; none was made when left out' }),
});
type Input = z.output<typeof input>;

/**
 * Writes down what Stripe has answered to a refund of ours, or that it refused it or could not be reached. Done by the job that asks
 * it; twice is once, and what an event has told since stays.
 */
export const recordRefund = defineAction({
  domain: 'payment',
  name: 'record_refund',
  summary: 'Write down what became of money to be given back through Stripe; done by the job that asks it.',
  input,
  output: z.object({ reference: z.string(), status: z.enum(['pending', 'succeeded', 'failed']) }),
  permission: { level: 'requires_authorization' },
  effect: 'money',
  undo: 'none',
  why_not_undone: 'what has happened at Stripe is changed there',
  past: 'recorded',
  example: { refund_id: 'RFD-1', status: 'succeeded' },
  human_only: true,
  roles: [],
  async run(context, asked) {
    const seen = await getRow(context, refundRecord, asked.refund_id);
    const { invoice_id } = await getRow(context, paymentRecord, seen.payment_id);
    const invoice = await lockInvoice(context, invoice_id);
    const payment = await lockPayment(context, seen.payment_id);
    const refund = await getRow(context, refundRecord, seen.id, { lock: true });
    const written = await write(context, asked, { payment, refund });
    if (!written) {
      context.unchanged();
      return { reference: refund.reference, status: refund.status };
    }
    await tellOfRefund(context, { invoice, refund: written });
    return { reference: written.reference, status: written.status };
  },
});

/** Undefined when nothing is new. */
async function write(
  context: Context,
  { status, failure = null, at_stripe }: Input,
  { payment, refund }: { payment: Payment; refund: Refund },
): Promise<Refund | undefined> {
  if (!at_stripe) {
    if (status === 'succeeded') return undefined;
    return writeRefused(context, refund, { status, failure: failure ?? 'unknown' });
  }
  const told = {
    ...at_stripe,
    payment_id: payment.payment_intent_id,
    charge_id: payment.charge_id,
    amount_cents: refund.amount_cents,
    currency: refund.currency,
    status,
    failure,
    reason: null,
    notes: { refund_id: refund.id },
  };
  const { refund: row, came } = await writeToldRefund(context, payment, told);
  if (came === 'beyond')
    await noteIncident(context, { provider: 'stripe', reason: 'beyond_payment', object_id: at_stripe.id });
  return came === 'written' ? row : undefined;
}
