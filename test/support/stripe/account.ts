import { newObject, newStripeId, type StripeObject, waysToPay } from './objects.ts';

/** A refusal as Stripe writes it. */
export class Refusal extends Error {
  readonly status: number;
  readonly error: { type: string; code?: string; param?: string; message: string };

  constructor(status: number, error: { type?: string; code?: string; param?: string; message: string }) {
    super(error.message);
    this.status = status;
    this.error = { type: 'invalid_request_error', ...error };
  }
}

export const missing = (param: string, id: string) =>
  new Refusal(404, { code: 'resource_missing', param, message: `No such ${param}: '${id}'` });

/** An event as Stripe sends it. */
export interface StripeEvent {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  type: string;
  livemode: boolean;
  pending_webhooks: number;
  request: { id: null; idempotency_key: null };
  data: { object: Record<string, unknown> };
}

export type Params = Record<string, unknown>;

/** One account at Stripe: what is in it, what has happened there, and what people do at its pages. */
export class Account {
  readonly objects = new Map<string, StripeObject>();
  readonly events: StripeEvent[] = [];
  /** First answers, by idempotency key. */
  readonly answers = new Map<string, { asked: string; status: number; body: string }>();
  /** In seconds; the clock of the business. */
  readonly now: () => number;
  readonly #told: (event: StripeEvent) => void;

  constructor(now: () => number, told: (event: StripeEvent) => void) {
    this.now = now;
    this.#told = told;
  }

  find(kind: string, id: unknown, param: string): StripeObject {
    const found = this.objects.get(String(id));
    if (found?.object !== kind) throw missing(param, String(id));
    return found;
  }

  list(kind: string): StripeObject[] {
    return [...this.objects.values()].filter(({ object }) => object === kind);
  }

  add(kind: string, is: Params): StripeObject {
    // A refund says nothing of the account it is in.
    const mode = kind === 'refund' ? {} : { livemode: false };
    const object = newObject(kind, { created: this.now(), ...mode, ...is });
    this.objects.set(object.id, object);
    return object;
  }

  /** Tells of something that has happened to an object, as it is now. */
  tell(type: string, object: StripeObject): StripeEvent {
    const event: StripeEvent = {
      id: newStripeId('evt'),
      object: 'event',
      api_version: '2026-10-28.endive',
      created: this.now(),
      type,
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: structuredClone(object) },
    };
    this.events.push(event);
    this.#told(event);
    return event;
  }

  /** What somebody does at the page of a session. */

  /** Pays by a card that is good. */
  payByCard(sessionId: string): StripeEvent {
    const { session, intent } = this.#begin(sessionId);
    const charge = this.charge(intent, 'card', { status: 'succeeded', paid: true, captured: true });
    const amount = Number(intent.amount);
    Object.assign(charge, { amount_captured: amount });
    Object.assign(intent, {
      status: 'succeeded',
      amount_received: amount,
      latest_charge: charge.id,
      last_payment_error: null,
    });
    Object.assign(session, { status: 'complete', payment_status: 'paid', url: null });
    this.tell('charge.succeeded', charge);
    this.tell('payment_intent.succeeded', intent);
    return this.tell('checkout.session.completed', session);
  }

  /** Says that a bank account is to be debited: days pass. */
  payByBank(sessionId: string): StripeEvent {
    const { session, intent } = this.#begin(sessionId);
    const charge = this.charge(intent, 'us_bank_account', {
      status: 'pending',
      paid: false,
      captured: true,
    });
    Object.assign(intent, { status: 'processing', latest_charge: charge.id });
    Object.assign(session, { status: 'complete', payment_status: 'unpaid', url: null });
    this.tell('payment_intent.processing', intent);
    return this.tell('checkout.session.completed', session);
  }

  /** The debit has come in. */
  bankPays(sessionId: string): StripeEvent {
    const { session, intent, charge } = this.#underWay(sessionId);
    Object.assign(charge, { status: 'succeeded', paid: true, amount_captured: intent.amount });
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
    Object.assign(session, { payment_status: 'paid' });
    this.tell('charge.succeeded', charge);
    this.tell('payment_intent.succeeded', intent);
    return this.tell('checkout.session.async_payment_succeeded', session);
  }

  /** The bank has sent the debit back. */
  bankRefuses(sessionId: string): StripeEvent {
    const { session, intent, charge } = this.#underWay(sessionId);
    Object.assign(charge, {
      status: 'failed',
      failure_code: 'insufficient_funds',
      failure_message: 'No funds.',
    });
    this.#fail(intent, 'insufficient_funds');
    this.tell('payment_intent.payment_failed', intent);
    return this.tell('checkout.session.async_payment_failed', session);
  }

  /** Types a card that is refused, and is asked for another one. */
  declineCard(sessionId: string): StripeEvent {
    const { intent } = this.#begin(sessionId);
    const charge = this.charge(intent, 'card', {
      status: 'failed',
      paid: false,
      failure_code: 'card_declined',
    });
    this.#fail(intent, 'card_declined');
    Object.assign(intent, { latest_charge: charge.id });
    return this.tell('payment_intent.payment_failed', intent);
  }

  /** Nobody has paid in time, or the business has closed it. */
  expire(sessionId: string): StripeEvent {
    const session = this.find('checkout.session', sessionId, 'session');
    Object.assign(session, { status: 'expired', url: null });
    return this.tell('checkout.session.expired', session);
  }

  /** Gives money of a payment back: at the API, or in the dashboard. Cards have it at once, banks in days. */
  refund(intentId: string, amount: number, is: Params = {}): StripeObject {
    const intent = this.find('payment_intent', intentId, 'payment_intent');
    const charge = this.find('charge', intent.latest_charge, 'charge');
    if (charge.disputed === true)
      throw new Refusal(400, {
        code: 'charge_disputed',
        message: `Charge ${charge.id} has been charged back.`,
      });
    const left = Number(charge.amount_captured) - Number(charge.amount_refunded);
    if (left <= 0)
      throw new Refusal(400, {
        code: 'charge_already_refunded',
        message: `Charge ${charge.id} has already been refunded.`,
      });
    if (amount > left)
      throw new Refusal(400, {
        param: 'amount',
        message: `Refund amount ($${amount / 100}) is greater than unrefunded amount on charge ($${left / 100})`,
      });
    const { type } = Object(charge.payment_method_details);
    Object.assign(charge, {
      amount_refunded: Number(charge.amount_refunded) + amount,
      refunded: amount === left,
    });
    const refund = this.add('refund', {
      amount,
      charge: charge.id,
      currency: charge.currency,
      payment_intent: intentId,
      status: type === 'card' ? 'succeeded' : 'pending',
      ...is,
    });
    this.tell('refund.created', refund);
    return refund;
  }

  /** The bank of the customer has the money. */
  refundArrives(id: string): StripeEvent {
    const refund = this.find('refund', id, 'refund');
    refund.status = 'succeeded';
    return this.tell('refund.updated', refund);
  }

  /** The bank of the customer has sent it back, however it stood before. */
  refundFails(id: string, failure_reason = 'expired_or_canceled_card'): StripeEvent {
    const refund = this.find('refund', id, 'refund');
    Object.assign(refund, { status: 'failed', failure_reason });
    const charge = this.find('charge', refund.charge, 'charge');
    Object.assign(charge, {
      amount_refunded: Number(charge.amount_refunded) - Number(refund.amount),
      refunded: false,
    });
    return this.tell('refund.failed', refund);
  }

  /** Tells their bank that a payment was not theirs. */
  dispute(intentId: string, is: Params = {}): StripeObject {
    const intent = this.find('payment_intent', intentId, 'payment_intent');
    const charge = this.find('charge', intent.latest_charge, 'charge');
    charge.disputed = true;
    const dispute = this.add('dispute', {
      amount: charge.amount,
      charge: charge.id,
      currency: charge.currency,
      payment_intent: intentId,
      reason: 'product_not_received',
      status: 'needs_response',
      ...is,
    });
    this.tell('charge.dispute.created', dispute);
    return dispute;
  }

  /** What the bank has decided. */
  closeDispute(id: string, status: string): StripeEvent {
    const dispute = this.find('dispute', id, 'dispute');
    dispute.status = status;
    if (status !== 'lost') this.find('charge', dispute.charge, 'charge').disputed = false;
    return this.tell('charge.dispute.closed', dispute);
  }

  deleteCustomer(id: string): StripeEvent {
    const customer = this.find('customer', id, 'id');
    this.objects.delete(id);
    this.objects.set(id, { id, object: 'customer', deleted: true });
    return this.tell('customer.deleted', customer);
  }

  #begin(sessionId: string) {
    const session = this.find('checkout.session', sessionId, 'session');
    if (session.status !== 'open') throw new Error(`${sessionId} is ${String(session.status)}`);
    const begun =
      typeof session.payment_intent === 'string'
        ? this.find('payment_intent', session.payment_intent, 'payment_intent')
        : this.add('payment_intent', {
            amount: session.amount_total,
            currency: session.currency,
            customer: session.customer,
            metadata: notes.get(session) ?? {},
            automatic_payment_methods: null,
          });
    session.payment_intent = begun.id;
    return { session, intent: begun };
  }

  #underWay(sessionId: string) {
    const session = this.find('checkout.session', sessionId, 'session');
    const intent = this.find('payment_intent', session.payment_intent, 'payment_intent');
    return { session, intent, charge: this.find('charge', intent.latest_charge, 'charge') };
  }

  /** What a card or bank account does for a payment. */
  charge(intent: StripeObject, way: keyof typeof waysToPay, is: Params): StripeObject {
    const charge = this.add('charge', {
      amount: intent.amount,
      currency: intent.currency,
      customer: intent.customer,
      payment_intent: intent.id,
      payment_method_details: structuredClone(waysToPay[way]),
      ...is,
    });
    intent.latest_charge = charge.id;
    return charge;
  }

  #fail(intent: StripeObject, code: string): void {
    Object.assign(intent, {
      status: 'requires_payment_method',
      last_payment_error: { type: 'card_error', code, message: 'It was refused.' },
    });
  }
}

/** What a session writes beside its payment, which no answer about the session shows. */
export const notes = new WeakMap<StripeObject, unknown>();
