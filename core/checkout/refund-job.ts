import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job } from '../kernel/outside/outbox.ts';
import {
  PaymentRefused,
  type PaymentService,
  type ServiceRefund,
} from '../kernel/outside/payment-service.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { refundCall, throughStripe } from '../payments/through-stripe.ts';
import { notReached } from './tell-of-refund.ts';

type Call = z.output<typeof refundCall>;
const standing = z.object({ status: z.string(), reference: z.string() });

/**
 * Gives money back through Stripe, once: the refund's own id is the idempotency key, and as Stripe forgets keys after a day, it is looked
 * first whether it has this refund already. What it refuses is written down as failed; whoever cannot reach it to the end
 * leaves the refund on its way, for it may have been given back.
 */
export const refundJob: JobHandler<'payments'> = {
  kind: throughStripe,
  summary: 'gives money of a payment back through Stripe',
  connectors: ['payments'],
  async run(job, tools) {
    const { data: call } = refundCall.safeParse(job.payload);
    if (!call) throw new PermanentFailure('This job names no payment to give back of.');
    const { organization_id } = job;
    const [row] = await tools.read(organization_id, 'refunds', { id: call.refund_id });
    const refund = standing.safeParse(row).data;
    if (refund?.status !== 'pending') return { skipped: `this refund is ${refund?.status ?? 'gone'}` };
    const service = await tools.connectors.payments();
    if (!service) {
      await record(job, tools, call, { status: 'failed', failure: 'no_key' });
      throw new PermanentFailure('The business has no key of Stripe any more.');
    }
    const told = await giveBack(service, call).catch(async (error: unknown) => {
      if (error instanceof PermanentFailure) {
        const failure = error instanceof PaymentRefused ? error.code : 'key_refused';
        await record(job, tools, call, { status: 'failed', failure });
      }
      throw error;
    });
    const { id, created_at, status, failure } = told;
    await record(job, tools, call, { status, failure, at_stripe: { id, created_at } });
    return { refund: id, status };
  },
  async gaveUp(job, tools) {
    const { data: call } = refundCall.safeParse(job.payload);
    if (call) await record(job, tools, call, { status: 'pending', failure: notReached });
  },
};

async function giveBack(
  service: PaymentService,
  { refund_id, payment_intent, amount_cents, currency, reason, metadata }: Call,
): Promise<ServiceRefund> {
  const made = await service.listRefunds(payment_intent);
  const known = made.find(each => each.notes.refund_id === refund_id && each.amount_cents === amount_cents);
  if (known) return known;
  const asked = { payment_id: payment_intent, amount_cents, currency, reason, notes: metadata };
  return service.createRefund(asked, refund_id);
}

const record = (
  { organization_id }: Job,
  { execute }: Pick<JobTools, 'execute'>,
  { refund_id }: Call,
  outcome: Record<string, unknown>,
) => execute(organization_id, { action: 'payment.record_refund', data: { refund_id, ...outcome } });
