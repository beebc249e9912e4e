import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { JobHandler } from '../kernel/registry/define.ts';
import { closing } from './close-stale.ts';

const payload = z.object({ session_id: z.string(), kind: z.enum(['session', 'bill']).default('session') });

/** Closes a page at Stripe at which a bill is not to be paid any more, or its invoice there. Twice does no harm, nor when it is over. */
export const closePageJob: JobHandler<'payments'> = {
  kind: closing,
  summary: 'closes a payment page or an invoice of Stripe that asks for an amount which is not owed any more',
  connectors: ['payments'],
  async run(job, { connectors }) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no page.');
    const service = await connectors.payments();
    if (!service) return { skipped: 'the business has no key of Stripe any more' };
    const { session_id, kind } = parsed.data;
    const page = await (kind === 'bill' ? service.endBill(session_id) : service.expireCheckout(session_id));
    return page ? { page: page.status } : { skipped: 'Stripe has no such page' };
  },
};
