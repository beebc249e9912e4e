import { PermanentFailure } from './delivery-failure.ts';

/**
 * What we ask of a service that takes payments, in our words: amounts in minor units of a currency as we count them, currencies
 * in capitals, moments as ISO 8601 in UTC. Whatever it takes or answers in a shape of its own stays in its connector.
 *
 * `key` is an idempotency key: the same one twice is one and the same object. All of these throw RetryLater, AllBusy or
 * PermanentFailure, whose messages hold codes and no text of others.
 */
export interface PaymentService {
  /** Makes somebody who pays known to the service; answers the id they have there. */
  createPayer(payer: Payer, key: string): Promise<string>;
  /** Somebody who was made known to it, by our own id; what happened in the last minute it may not find yet. */
  findPayer(ours: string): Promise<string | undefined>;
  /** Undefined when the service knows nobody (any more) by this id. */
  readPayer(id: string): Promise<{ id: string } | undefined>;
  /** Opens a page to pay at. Throws NoSuchPayer. */
  createCheckout(checkout: NewCheckout, key: string): Promise<Checkout>;
  /** How it stands now; undefined when there is none of this id under this key of the service. */
  readCheckout(id: string): Promise<Checkout | undefined>;
  /** The page at which a payment was made; undefined when it was made in another way. */
  findCheckout(payment_id: string): Promise<Checkout | undefined>;
  /** Closes a page nobody has paid at; answers how it stands, for it may have been paid meanwhile. */
  expireCheckout(id: string): Promise<Checkout | undefined>;
  /** Gives money of a payment back, the way it came. Throws PaymentRefused. */
  createRefund(refund: NewRefund, key: string): Promise<ServiceRefund>;
  readRefund(id: string): Promise<ServiceRefund | undefined>;
  /** What was given back of a payment, newest first, a hundred at the most. */
  listRefunds(payment_id: string): Promise<ServiceRefund[]>;
  readDispute(id: string): Promise<Dispute | undefined>;
  /** Writes a draft of a bill that the service asks for itself. Throws NoSuchPayer, NumberTaken. */
  draftBill(bill: NewBill, key: string): Promise<ServiceBill>;
  /** Writes all lines of a draft at once. Throws NoSuchBill. */
  addBillLines(id: string, lines: readonly BillLine[], currency: string, key: string): Promise<ServiceBill>;
  /** Makes a draft a bill that can be paid; nobody is sent anything. Throws NoSuchBill. */
  issueBill(id: string, key: string): Promise<ServiceBill>;
  readBill(id: string): Promise<ServiceBill | undefined>;
  /** The bills of somebody who pays, the newest first, a hundred at the most. */
  listBills(payer: string): Promise<ServiceBill[]>;
  /** The bill a payment is for, or one of its entries about payments; undefined when it is for none. */
  findBill(by: { payment_id: string } | { entry_id: string }): Promise<ServiceBill | undefined>;
  /** Ends a bill that nobody has paid: a draft is gone, another one is void. Answers how it stands, for it may have been paid meanwhile. */
  endBill(id: string): Promise<ServiceBill | undefined>;
  /** How a payment stands that was made at no page of ours. */
  readPayment(id: string): Promise<CheckoutPayment | undefined>;
}

/** Somebody who pays. */
export interface Payer {
  /** Ours. */
  id: string;
  name: string;
  email?: string | undefined;
  /** E.164 */
  phone?: string | undefined;
  address?: PostalAddress | undefined;
}

export interface PostalAddress {
  line1: string;
  line2?: string | undefined;
  city?: string | undefined;
  state?: string | undefined;
  postal_code?: string | undefined;
  /** ISO 3166, two letters. */
  country?: string | undefined;
}

/** A page to be opened: what is paid there, by whom, and where they are led after. */
export interface NewCheckout {
  /** As the service calls them. */
  payer: string;
  /** What it is about, as we call it; for people who look there, and never believed. */
  reference: string;
  currency: string;
  lines: readonly CheckoutLine[];
  success_url: string;
  cancel_url: string;
  /** From half an hour to a day from now. */
  expires_at: string;
  /** Written beside the payment, for people who look there; never believed. */
  notes: Readonly<Record<string, string>>;
}

export interface CheckoutLine {
  what: string;
  /** Whole. */
  quantity: number;
  unit_cents: number;
}

/** A page to pay at as it stands at the service. */
export interface Checkout {
  id: string;
  /** Where it is paid; null once it is over. */
  url: string | null;
  status: 'open' | 'complete' | 'expired';
  amount_cents: number;
  currency: string;
  expires_at: string;
  /** Who pays there, as the service calls them. */
  payer: string | null;
  /** What was tried or paid there; null before anybody has tried. */
  payment: CheckoutPayment | null;
}

/** Money on its way or arrived. */
export interface CheckoutPayment {
  id: string;
  /** `pending`: a bank has said it is on its way. `failed`: nothing comes, unless it is tried again while the page is open. */
  status: 'none' | 'pending' | 'succeeded' | 'failed';
  /** What has arrived, or is on its way. */
  amount_cents: number;
  currency: string;
  charge_id: string | null;
  method: 'card' | 'bank_transfer' | 'other';
  /** When it was made; null before. */
  paid_at: string | null;
  /** Why the last try failed, as a code: `card_declined`. */
  failure: string | null;
}

/** A bill that the service asks for itself. */
export interface NewBill {
  /** As the service calls them. */
  payer: string;
  /** Its number, as it stands on ours. */
  number: string;
  currency: string;
  /** Whole days from now. */
  days_until_due: number;
  /** Written beside it, for people who look there, and to find what was made before; never believed about money. */
  notes: Readonly<Record<string, string>>;
}

export interface BillLine {
  what: string;
  /** All of the line, before tax; below zero for what is taken off. */
  amount_cents: number;
  /** On top of the amount; as we work it out, never as the service does. */
  tax?: { percent: number; amount_cents: number } | undefined;
}

/** A bill as it stands at the service. */
export interface ServiceBill {
  id: string;
  number: string | null;
  status: 'draft' | 'open' | 'paid' | 'ended';
  /** Where it is paid; null before it is issued. */
  url: string | null;
  pdf_url: string | null;
  /** What its lines and taxes come to. */
  total_cents: number;
  /** What it asks of who pays, after what the service holds for or against them. */
  due_cents: number;
  /** What is still to be paid of that. */
  left_cents: number;
  currency: string;
  /** Who pays, as the service calls them. */
  payer: string | null;
  has_lines: boolean;
  /** The payments made or begun on it; read only where one bill is asked for. */
  payment_ids: readonly string[];
  notes: Readonly<Record<string, string>>;
}

/** Money to be given back. */
export interface NewRefund {
  payment_id: string;
  amount_cents: number;
  currency: string;
  reason?: 'duplicate' | undefined;
  /** Written beside it, for people who look there. */
  notes: Readonly<Record<string, string>>;
}

/** Money that was given back, or is on its way, as it stands at the service. */
export interface ServiceRefund {
  id: string;
  payment_id: string | null;
  charge_id: string | null;
  amount_cents: number;
  currency: string;
  /** It may fail after it succeeded: the bank of the customer sends it back. */
  status: 'pending' | 'succeeded' | 'failed';
  /** Why it failed, as a code: `lost_or_stolen_card`. */
  failure: string | null;
  reason: string | null;
  created_at: string;
  notes: Readonly<Record<string, string>>;
}

/** A payment that its payer has told their bank was not theirs. */
export interface Dispute {
  id: string;
  payment_id: string | null;
  charge_id: string | null;
  amount_cents: number;
  currency: string;
  status: 'open' | 'lost' | 'won';
  /** As a code: `product_not_received`. */
  reason: string | null;
  /** Until when the bank hears us; null when it asks nothing. */
  due_by: string | null;
  created_at: string;
}

/** The service for a business that has a key to it; undefined when it has none. */
export type OpenPayments = () => Promise<PaymentService | undefined>;

/** The service does not know (any more) who is to pay. */
export class NoSuchPayer extends PermanentFailure {}

/** The service has no such bill (any more). */
export class NoSuchBill extends PermanentFailure {}

/** The service has refused it, with a code that says why: `charge_already_refunded`. Nothing was done. */
export class PaymentRefused extends PermanentFailure {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** Another bill has this number already. */
export class NumberTaken extends PaymentRefused {}
