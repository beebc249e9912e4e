import { expect, test } from 'vitest';
import { sent } from '../invoices/billing.ts';
import { signed } from '../support/stripe/server.ts';
import { brightKey, clearKey, useOnline } from './online.ts';

// Several businesses, one address for what Stripe tells, and one secret: whose an event is has to be found out.

const common = 'whsec_installation00000000001';
const online = useOnline({ secrets: { stripe_webhook: common } });

const send = async (event: unknown) => {
  const { headers, body } = signed(event, common);
  return (await online().front.send('POST', '/api/webhooks/stripe', { key: null, headers, body })).status;
};

/** Whether it may still be written down is asked of the real clock. */
const now = () => Math.floor(Date.now() / 1000);

/** A bill whose card was refused at its page, of which nothing was written down but the page; the event says so. */
async function refused() {
  const { panes, account, work } = online();
  const invoice_id = await sent(panes);
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === invoice_id);
  const event = account.declineCard(String(page?.id));
  return { invoice_id, page: String(page?.id), event };
}

const tasksOf = async (invoice_id: string) =>
  (await online().list('tasks')).filter(({ title }) => String(title).includes(invoice_id));
const toldTo = async (object_id: unknown) => {
  const { panes } = online();
  const of = async (who: typeof panes.olivia) =>
    (await panes.read(who, 'webhook_events')).filter(event => event.object_id === object_id).length;
  return { bright: await of(panes.olivia), clear: await of(panes.clear.owner) };
};

test('a card that was refused is told to the business whose page it was', async () => {
  const { work } = online();
  const { invoice_id, event } = await refused();
  expect(await send(event)).toBe(200);
  await work();
  expect(await tasksOf(invoice_id)).toMatchObject([{ status: 'open' }]);
  expect(await toldTo(event.data.object.id)).toEqual({ bright: 1, clear: 0 });
});

test('what it says of itself opens no door: another business is asked, knows nothing, and hears nothing', async () => {
  const { work } = online();
  const { invoice_id, event } = await refused();
  const forged = { ...structuredClone(event), created: now() };
  Object.assign(forged.data.object, { metadata: { business: 'clear-view' } });
  expect(await send(forged)).toBe(503);
  expect(await send({ ...forged, created: forged.created - 3_600 })).toBe(200);
  await work();
  expect(await tasksOf(invoice_id)).toEqual([]);
  expect(await toldTo(event.data.object.id)).toEqual({ bright: 0, clear: 0 });
  expect(await send(event)).toBe(200);
  await work();
  expect(await tasksOf(invoice_id)).toHaveLength(1);
});

test('where two businesses have one account, it is whose page we have written down, whoever is claimed', async () => {
  const { panes, work } = online();
  const { invoice_id, event } = await refused();
  await panes.done(panes.clear.owner, 'secret.set', { name: 'stripe_secret_key', value: brightKey });
  const claimed = structuredClone(event);
  Object.assign(claimed.data.object, { metadata: { business: 'clear-view' } });
  expect(await send(claimed)).toBe(200);
  await work();
  await panes.done(panes.clear.owner, 'secret.set', { name: 'stripe_secret_key', value: clearKey });
  expect(await toldTo(event.data.object.id)).toEqual({ bright: 1, clear: 0 });
  expect(await tasksOf(invoice_id)).toHaveLength(1);
});

test('a payment at no page of ours is nobody’s, and while Stripe is away it is to come again', async () => {
  const { account, stripe, work } = online();
  const metadata = { business: 'bright-panes' };
  const foreign = account.add('payment_intent', { amount: 5_000, currency: 'usd', metadata });
  const event = { ...account.tell('payment_intent.payment_failed', foreign), created: now() };
  expect(await send(event)).toBe(503);
  const known = await refused();
  stripe.answers.push({ status: 500, error: { type: 'api_error', message: 'Sorry.' } });
  expect(await send({ ...known.event, created: now() })).toBe(503);
  expect(await send(known.event)).toBe(200);
  await work();
  expect(await toldTo(foreign.id)).toEqual({ bright: 0, clear: 0 });
  expect(await tasksOf(known.invoice_id)).toHaveLength(1);
});
