import type { Account, StripeEvent } from '../support/stripe/account.ts';
import { newStripeId } from '../support/stripe/objects.ts';

/** What happens at the page of one bill, step by step; days may lie between. */
export type Step = (account: Account, session: string) => unknown;

/** What people do with bills, taken in turn. */
export const stories: readonly (readonly Step[])[] = [
  [(account, session) => account.payByCard(session)],
  [(account, session) => account.payByBank(session), (account, session) => account.bankPays(session)],
  [(account, session) => account.declineCard(session), (account, session) => account.payByCard(session)],
  [(account, session) => account.payByBank(session), (account, session) => account.bankRefuses(session)],
  [(account, session) => account.payByCard(session)],
  [(account, session) => account.expire(session)],
];

/** What Stripe has taken for a bill: the payments that have arrived, by their ids. */
export function takenAt(account: Account, session: string): { intent: string; amount: number }[] {
  const { payment_intent } = account.find('checkout.session', session, 'session');
  if (typeof payment_intent !== 'string') return [];
  const { status, amount_received } = account.find('payment_intent', payment_intent, 'payment_intent');
  return status === 'succeeded' ? [{ intent: payment_intent, amount: Number(amount_received) }] : [];
}

/** The same event as an account sends it that keeps an old version: little is in it, and parts come whole that are ids by now. */
export function older({ id, created, type, data }: StripeEvent) {
  const { id: object_id, object, payment_intent } = data.object;
  const whole = typeof payment_intent === 'string' ? { payment_intent: { id: payment_intent } } : {};
  return {
    id,
    object: 'event',
    api_version: '2015-10-16',
    created,
    type,
    request: 'req_old',
    data: { object: { id: object_id, object, ...whole } },
  };
}

/** It happened a day ago: nobody waits any more for what it is about to be written down. */
const long_ago = 86_400;

/** Events about what is not ours: a page and a payment of others in the same account, and a page that is nowhere. */
export function ofStrangers(account: Account): StripeEvent[] {
  const created = account.now() - long_ago;
  const page = account.add('checkout.session', {
    amount_total: 5_000,
    currency: 'usd',
    expires_at: account.now() + 3_600,
    status: 'open',
    payment_status: 'unpaid',
  });
  const payment = account.add('payment_intent', { amount: 5_000, currency: 'usd', status: 'succeeded' });
  const nowhere = { ...page, id: newStripeId('checkout.session') };
  return [
    { ...account.tell('checkout.session.completed', page), created },
    { ...account.tell('payment_intent.succeeded', payment), created },
    { ...account.tell('checkout.session.completed', nowhere), created },
  ];
}
