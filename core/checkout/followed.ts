import type { z } from 'zod';
import { forgetCompanyAtStripe } from '../companies/at-stripe.ts';
import { forgetStripeCustomer } from '../contacts/at-stripe.ts';
import type { PaymentService } from '../kernel/outside/payment-service.ts';
import type { Fate } from '../kernel/outside/webhook-fates.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { eventInput } from '../payments/record-event.ts';
import { settlePage } from './settle.ts';
import { isStandingBill, settleBill, withPayments } from './settle-bill.ts';
import { settleDispute } from './settle-dispute.ts';
import { settleRefund } from './settle-refund.ts';

export type StripeEvent = z.output<typeof eventInput>;

/** What is done about events of one kind of object. */
interface Followed {
  /** How the object stands now; undefined when Stripe has none of this id under the key of the business. */
  read(service: PaymentService, id: string): Promise<unknown>;
  /** Writes down what follows from that, however often and in whatever order it is told. */
  write(context: Context, event: StripeEvent, object: unknown): Promise<Fate>;
}

/** The kinds of objects whose events we follow. */
export const followed: Readonly<Record<StripeEvent['kind'], Followed>> = {
  'checkout.session': { read: (service, id) => service.readCheckout(id), write: settlePage },
  // A payment at a page of ours is found by that page, whose id we know; one of an invoice by that.
  payment_intent: {
    read: async (service, id) =>
      (await service.findCheckout(id)) ?? withPayments(service, await service.findBill({ payment_id: id })),
    write: (context, event, object) =>
      isStandingBill(object) ? settleBill(context, event, object) : settlePage(context, event, object),
  },
  invoice: {
    read: async (service, id) => withPayments(service, await service.readBill(id)),
    write: settleBill,
  },
  invoice_payment: {
    read: async (service, id) => withPayments(service, await service.findBill({ entry_id: id })),
    write: settleBill,
  },
  customer: { read: (service, id) => service.readPayer(id), write: forgetPayer },
  refund: { read: (service, id) => service.readRefund(id), write: settleRefund },
  dispute: { read: (service, id) => service.readDispute(id), write: settleDispute },
};

/** Somebody who was deleted at Stripe is made there again when they pay the next time. */
async function forgetPayer(context: Context, { object: id }: StripeEvent, object: unknown): Promise<Fate> {
  if (object !== undefined) return { outcome: 'skipped', said: 'Stripe still knows this customer.' };
  const count = (await forgetStripeCustomer(context, id)) + (await forgetCompanyAtStripe(context, id));
  return count > 0
    ? {
        outcome: 'done',
        said: 'A customer is not known to Stripe any more; they are made there again when they pay.',
      }
    : { outcome: 'skipped', said: 'No customer of ours is called so at Stripe.' };
}
