import { addressesOf, type ContactAddress } from '../addresses/addresses-of.ts';
import { setStripeCustomer } from '../contacts/at-stripe.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { Payer, PaymentService, PostalAddress } from '../kernel/outside/payment-service.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';

/** Who pays a bill, as they stand here, and what Stripe calls them; null while it does not know them. */
export interface KnownPayer extends Payer {
  at_stripe: string | null;
}

/** Who pays a bill; undefined when they were removed for good. */
export async function findPayer(
  context: ReadContext,
  { contact_id, sent_to }: Pick<Invoice, 'contact_id' | 'sent_to'>,
): Promise<KnownPayer | undefined> {
  const contact = await findRow(context, contactRecord, contact_id, { deleted: true });
  if (!contact) return undefined;
  const { id, full_name: name, email, phone, stripe_customer_id: at_stripe } = contact;
  const [address] = await addressesOf(context, [id]);
  return {
    id,
    at_stripe,
    name: name.slice(0, 250),
    email: sent_to ?? email ?? undefined,
    phone: phone ?? undefined,
    address: address && postal(address),
  };
}

const postal = (address: ContactAddress): PostalAddress => ({
  line1: address.line1,
  line2: address.line2 ?? undefined,
  city: address.city ?? undefined,
  state: address.state ?? undefined,
  postal_code: address.postal_code ?? undefined,
});

/**
 * What Stripe calls somebody who pays: made there when it does not know them (STR-03). The key is taken from who they are, so that
 * two who ask at once get one; after one that is gone there it is another key.
 */
export async function payerAt(service: PaymentService, payer: KnownPayer, gone?: string): Promise<string> {
  if (payer.at_stripe !== null && payer.at_stripe !== gone) return payer.at_stripe;
  const { at_stripe: _, ...said } = payer;
  return service.createPayer(said, `payer-${payer.id}${gone === undefined ? '' : `-after-${gone}`}`);
}

/** Writes down what Stripe calls somebody, unless something else was written down meanwhile. */
export const keepPayer = (
  context: Context,
  { id, at_stripe }: Pick<KnownPayer, 'id' | 'at_stripe'>,
  becomes: string,
): Promise<unknown> =>
  becomes === at_stripe ? Promise.resolve() : setStripeCustomer(context, id, { was: at_stripe, becomes });
