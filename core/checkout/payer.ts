import { addressesOf, addressesOfCompanies } from '../addresses/addresses-of.ts';
import type { Postal } from '../addresses/format.ts';
import { setCompanyAtStripe } from '../companies/at-stripe.ts';
import { companyRecord } from '../companies/company.ts';
import { setStripeCustomer } from '../contacts/at-stripe.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { Payer, PaymentService, PostalAddress } from '../kernel/outside/payment-service.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';

/** Who pays a bill, as they stand here, and what Stripe calls them; null while it does not know them. */
export interface KnownPayer extends Payer {
  is_company: boolean;
  at_stripe: string | null;
}

/** Who pays a bill: the company, or else the customer; undefined when they were removed for good. */
export async function findPayer(
  context: ReadContext,
  { contact_id, company_id, sent_to }: Pick<Invoice, 'contact_id' | 'company_id' | 'sent_to'>,
): Promise<KnownPayer | undefined> {
  const contact =
    contact_id === null ? undefined : await findRow(context, contactRecord, contact_id, { deleted: true });
  const company =
    company_id === null ? undefined : await findRow(context, companyRecord, company_id, { deleted: true });
  const one = company ?? contact;
  if (!one) return undefined;
  const [address] = company
    ? await addressesOfCompanies(context, [company.id])
    : await addressesOf(context, [one.id]);
  const name = company ? (company.legal_name ?? company.name) : (contact?.full_name ?? '');
  const phone = company ? company.main_phone : contact?.phone;
  return {
    id: one.id,
    is_company: company !== undefined,
    at_stripe: one.stripe_customer_id,
    name: name.slice(0, 250),
    email: sent_to ?? company?.billing_email ?? contact?.email ?? undefined,
    phone: phone ?? undefined,
    address: address && postal(address),
  };
}

const postal = (address: Postal): PostalAddress => ({
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
  const { at_stripe: _, is_company: _company, ...said } = payer;
  return service.createPayer(said, `payer-${payer.id}${gone === undefined ? '' : `-after-${gone}`}`);
}

/** Writes down what Stripe calls somebody, unless something else was written down meanwhile. */
export function keepPayer(
  context: Context,
  { id, at_stripe, is_company }: Pick<KnownPayer, 'id' | 'at_stripe' | 'is_company'>,
  becomes: string,
): Promise<unknown> {
  if (becomes === at_stripe) return Promise.resolve();
  const keep = is_company ? setCompanyAtStripe : setStripeCustomer;
  return keep(context, id, { was: at_stripe, becomes });
}
