import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** An object of Stripe, as its API answers it. */
export type StripeObject = Record<string, unknown> & { id: string; object: string };

const examples = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/stripe/objects.json', import.meta.url), 'utf8')));

let made = 0;
const prefixes: Readonly<Record<string, string>> = {
  customer: 'cus_',
  'checkout.session': 'cs_test_',
  payment_intent: 'pi_',
  charge: 'ch_',
  refund: 're_',
  invoice: 'in_',
  invoice_payment: 'inpay_',
  dispute: 'du_',
};

/** A new id as Stripe writes them. */
export const newStripeId = (kind: string): string => {
  made += 1;
  return `${prefixes[kind] ?? `${kind}_`}${process.pid}x${String(made).padStart(6, '0')}`;
};

/** Members of the examples that say of nothing in particular: left out, or empty, in an object that is made here. */
const plain: Readonly<Record<string, Record<string, unknown>>> = {
  customer: { discount: undefined, shipping: null, currency: null },
  'checkout.session': {
    after_expiration: null,
    automatic_tax: { enabled: false, liability: null, status: null, provider: null },
    cancel_url: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer_details: null,
    invoice_creation: null,
    payment_intent: null,
    payment_method_configuration_details: null,
    phone_number_collection: undefined,
    saved_payment_method_options: null,
    shipping_address_collection: null,
    shipping_cost: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    allowed_payment_method_types: null,
    adaptive_pricing: null,
    managed_payments: null,
    permissions: null,
    wallet_options: null,
    url: null,
  },
  payment_intent: {
    amount_details: undefined,
    canceled_at: null,
    last_payment_error: null,
    next_action: null,
    processing: null,
    shipping: null,
    transfer_data: undefined,
    managed_payments: null,
    allowed_payment_method_types: null,
    payment_method_configuration_details: null,
    payment_record: null,
  },
  charge: {
    balance_transaction: null,
    shipping: null,
    source: null,
    transfer_data: null,
    outcome: null,
    refunds: undefined,
    payment_method_details: null,
    payment_method: null,
    description: null,
    receipt_url: null,
    amount_refunded: 0,
    refunded: false,
    disputed: false,
  },
  refund: { destination_details: undefined },
  invoice: {
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: 0,
    automatic_tax: { enabled: false, liability: null, status: null, disabled_reason: null, provider: null },
    customer_shipping: null,
    effective_at: null,
    from_invoice: null,
    last_finalization_error: null,
    next_payment_attempt: null,
    parent: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    subscription: undefined,
    webhooks_delivered_at: null,
  },
  invoice_payment: { amount_paid: null, status: 'open' },
  dispute: {
    intended_submission_method: null,
    evidence_details: {
      due_by: null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
  },
};

/** A new object of a kind; `is` says what is told of it, and `undefined` leaves a member out. */
export function newObject(kind: string, is: Record<string, unknown>): StripeObject {
  const all = { ...examples[kind], ...plain[kind], id: newStripeId(kind), ...is };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return { ...kept, id: String(all.id), object: kind };
}

/** What a card says of itself when it has paid, and a bank account. */
export const waysToPay = {
  card: {
    type: 'card',
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: 'visa',
      electronic_commerce_indicator: null,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      exp_month: 8,
      exp_year: 2030,
      fingerprint: 'AOB934RVNwzk6xtn',
      funding: 'credit',
      installments: null,
      last4: '4242',
      mandate: null,
      network: 'visa',
      network_token: null,
      network_transaction_id: null,
      regulated_status: null,
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  },
  us_bank_account: {
    type: 'us_bank_account',
    us_bank_account: {
      account_holder_type: 'individual',
      account_type: 'checking',
      bank_name: 'STRIPE TEST BANK',
      fingerprint: '1JWtPxqbdX5Gamtc',
      last4: '6789',
      payment_reference: null,
      routing_number: '110000000',
    },
  },
} as const;
