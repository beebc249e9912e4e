import { describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { sent } from '../invoices/billing.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { brightKey, clearKey, clearSecret, useOnline } from './online.ts';

const online = useOnline();

/** A bill that was sent, with its page at Stripe. */
async function billWithPage(): Promise<{ invoice_id: string; session: string }> {
  const { panes, account, work } = online();
  const invoice_id = await sent(panes);
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === invoice_id);
  return { invoice_id, session: String(page?.id) };
}

const paymentsOf = (invoice_id: string) => online().list('payments', { invoice_id });
const incidents = () => online().list('security_events', { kind: 'webhook' });
const eventsOf = async (object_id: string) =>
  (await online().list('webhook_events')).filter(event => event.object_id === object_id);

/** One for each test, however many there are a minute. */
const forget = () =>
  online().panes.database.owner.query(`delete from security_events where kind = 'webhook'`);

describe('an event is refused, written down, and changes nothing', () => {
  test('with a wrong signature', async () => {
    await forget();
    const { account, tell, work } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    expect((await tell(event, { secret: 'whsec_somebodyelse00000000001' })).status).toBe(401);
    await work();
    expect(await paymentsOf(invoice_id)).toEqual([]);
    expect(await incidents()).toMatchObject([{ details: { provider: 'stripe', reason: 'signature' } }]);
    expect((await tell(event)).status).toBe(200);
    await work();
    expect(await paymentsOf(invoice_id)).toMatchObject([{ amount_cents: 66_200, status: 'succeeded' }]);
  });

  test('when it was signed more than five minutes ago', async () => {
    await forget();
    const { account, tell, work } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    expect((await tell(event, { age_seconds: 301 })).status).toBe(401);
    await work();
    expect(await paymentsOf(invoice_id)).toEqual([]);
    expect(await incidents()).toHaveLength(1);
    expect((await tell(event, { age_seconds: 290 })).status).toBe(200);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
  });

  test('with the secret of another business', async () => {
    await forget();
    const { account, tell, work } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    expect((await tell(event, { secret: clearSecret })).status).toBe(401);
    await work();
    expect(await paymentsOf(invoice_id)).toEqual([]);
    expect(await incidents()).toHaveLength(1);
    await tell(event);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
  });

  test('when it is about a bill of another business, which signs with its own secret', async () => {
    const { account, tell, work, panes } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    expect((await tell(event, { secret: clearSecret, slug: 'clear-view' })).status).toBe(200);
    await work();
    expect(await paymentsOf(invoice_id)).toEqual([]);
    const clear = panes.clear.owner;
    expect(await panes.read(clear, 'webhook_events')).toMatchObject([
      { outcome: 'refused', said: 'Stripe has nothing of this id under the key of this business.' },
    ]);
    expect(await panes.read(clear, 'security_events', { params: { kind: 'webhook' } })).toMatchObject([
      { details: { reason: 'not_under_our_key', object_id: session } },
    ]);
    await tell(event);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
  });

  test('even where both businesses have one account at Stripe', async () => {
    const { account, stripe, tell, work, panes } = online();
    const { done, clear } = panes;
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    await done(clear.owner, 'secret.set', { name: 'stripe_secret_key', value: brightKey });
    await tell(event, { secret: clearSecret, slug: 'clear-view' });
    await work();
    await done(clear.owner, 'secret.set', { name: 'stripe_secret_key', value: clearKey });
    expect(stripe.account(clearKey).objects.size).toBe(0);
    expect(await paymentsOf(invoice_id)).toEqual([]);
    const [refused] = await panes.read(clear.owner, 'webhook_events');
    expect(refused).toMatchObject({
      outcome: 'refused',
      said: 'This page is of a bill of another business.',
    });
    await tell(event);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
  });
});

describe('what an event says of itself is not believed', () => {
  test('an amount that is forged in it is not what was paid', async () => {
    const { account, tell, work, bill } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    const forged = structuredClone(event);
    Object.assign(forged.data.object, { amount_total: 1_000_000, currency: 'eur', payment_status: 'unpaid' });
    await tell(forged);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('a page that nobody has paid at is not paid because an event says so', async () => {
    const { account, tell, work, bill } = online();
    const { invoice_id, session } = await billWithPage();
    const page = account.find('checkout.session', session, 'session');
    await tell({ ...account.tell('checkout.session.completed', page), id: newStripeId('evt') });
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    expect(await eventsOf(session)).toMatchObject([{ outcome: 'skipped' }]);
  });

  test('the bill is the one whose page it is, whatever stands in its metadata', async () => {
    const { account, tell, work, bill } = online();
    const one = await billWithPage();
    const other = await billWithPage();
    const page = account.find('checkout.session', one.session, 'session');
    Object.assign(page, {
      metadata: { invoice: other.invoice_id, invoice_id: newId() },
      client_reference_id: other.invoice_id,
    });
    await tell(account.payByCard(one.session));
    await work();
    expect(await bill(one.invoice_id)).toMatchObject({ status: 'paid' });
    expect(await bill(other.invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  });
});

test('an event is answered while nobody works: it is written down, and Stripe is asked when somebody does', async () => {
  const { account, stripe, tell, work, bill } = online();
  const { invoice_id, session } = await billWithPage();
  stripe.requests = [];
  expect((await tell(account.payByCard(session))).status).toBe(200);
  expect(stripe.requests).toEqual([]);
  expect(await eventsOf(session)).toMatchObject([{ outcome: null, processed_at: null, error: null }]);
  expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  await work();
  expect(stripe.requests).toMatchObject([{ method: 'GET', path: `/v1/checkout/sessions/${session}` }]);
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  expect(await eventsOf(session)).toMatchObject([{ outcome: 'done' }]);
});

describe('events come as they like', () => {
  test('twice, and under two ids: it is one payment', async () => {
    const { account, tell, work } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    const told = await Promise.all([tell(event), tell(event), tell({ ...event, id: newStripeId('evt') })]);
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200]);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
    expect((await eventsOf(session)).map(({ outcome }) => outcome).sort()).toEqual(['done', 'skipped']);
  });

  test('of a bank: on its way, and there after days; backwards it is the same', async () => {
    const { account, tell, work, bill } = online();
    const { invoice_id, session } = await billWithPage();
    const begun = account.payByBank(session);
    await tell(begun);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'pending', method: 'bank_transfer' }]);
    await tell(account.bankPays(session));
    await work();
    await tell({ ...begun, id: newStripeId('evt') });
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'succeeded' }]);
  });

  test('read early and written late: what has arrived stays', async () => {
    const { account, stripe, tell, work, bill } = online();
    const { invoice_id, session } = await billWithPage();
    const begun = account.payByBank(session);
    const address = `${stripe.url}/v1/checkout/sessions/${session}?expand[]=payment_intent.latest_charge`;
    const headers = { authorization: `Bearer ${brightKey}`, 'stripe-version': '2026-10-28.endive' };
    const early = await (await fetch(address, { headers })).text();
    await tell(account.bankPays(session));
    await work();
    stripe.answers.push({ status: 200, page: early });
    await tell({ ...begun, id: newStripeId('evt') });
    await work();
    expect(stripe.answers).toEqual([]);
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('of a bank that sends it back: it failed, the office has one task, and the customer no mail', async () => {
    const { account, tell, work, bill, list } = online();
    const { invoice_id, session } = await billWithPage();
    await tell(account.payByBank(session));
    await work();
    const mails = (await list('outbox', { kind: 'email' })).length;
    const refused = account.bankRefuses(session);
    await tell(refused);
    await tell(account.events.findLast(({ type }) => type === 'payment_intent.payment_failed'));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'failed' }]);
    const tasks = (await list('tasks')).filter(({ title }) => String(title).includes(invoice_id));
    expect(tasks).toMatchObject([
      { title: `$662.00 for ${invoice_id} did not go through: Jane Smith`, status: 'open' },
    ]);
    expect(await list('outbox', { kind: 'email' })).toHaveLength(mails);
  });

  test('of a card that is refused, and another one that is good: the task is done by itself', async () => {
    const { account, tell, work, bill, list } = online();
    const { invoice_id, session } = await billWithPage();
    const taskOf = async () => (await list('tasks')).find(({ title }) => String(title).includes(invoice_id));
    await tell(account.declineCard(session));
    await work();
    expect(await taskOf()).toMatchObject({ status: 'open' });
    expect(await paymentsOf(invoice_id)).toEqual([]);
    await tell(account.payByCard(session));
    await work();
    expect(await taskOf()).toMatchObject({ status: 'done' });
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid' });
  });

  test('for a bill that was voided meanwhile: it is kept, and the owner has a task to give it back', async () => {
    const { account, tell, work, bill, list, panes } = online();
    const { invoice_id, session } = await billWithPage();
    const event = account.payByCard(session);
    await panes.done(panes.olivia, 'invoice.void', { invoice_id, reason: 'Wrong customer' });
    await tell(event);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'void', paid_cents: 66_200 });
    expect(await list('tasks')).toContainEqual(
      expect.objectContaining({ title: expect.stringMatching(`Give \\$662.00 back for ${invoice_id}`) }),
    );
  });

  test('of a page that is none of ours, once it could not be one that is still being written down', async () => {
    const { account, tell, work } = online();
    const foreign = account.add('checkout.session', {
      amount_total: 5_000,
      currency: 'usd',
      expires_at: account.now() + 3_600,
      status: 'open',
      payment_status: 'unpaid',
    });
    const event = account.tell('checkout.session.completed', foreign);
    await tell({ ...event, created: event.created - 3_600 });
    await work();
    expect(await eventsOf(foreign.id)).toMatchObject([
      { outcome: 'skipped', said: 'No bill of ours is paid at this page.' },
    ]);
  });

  test('of a customer who was deleted there: they are made anew when they pay', async () => {
    const { account, tell, work, panes } = online();
    const { invoice_id } = await billWithPage();
    const customers = account.list('customer').filter(({ deleted }) => !deleted);
    expect(customers).toHaveLength(1);
    await tell(account.deleteCustomer(String(customers[0]?.id)));
    await work();
    // The page that is open stays; the next one is for the customer who was made anew.
    await panes.done(panes.dana, 'invoice.record_payment', {
      invoice_id,
      amount_cents: 1_200,
      method: 'cash',
    });
    await panes.done(panes.dana, 'invoice.open_checkout', { invoice_id });
    await work();
    expect(account.list('customer').filter(({ deleted }) => !deleted)).toHaveLength(1);
    const page = account.list('checkout.session').findLast(each => each.client_reference_id === invoice_id);
    expect(page).toMatchObject({ amount_total: 65_000, status: 'open' });
  });
});

test('while Stripe has trouble an event waits, says why, and is carried out later', async () => {
  const { account, stripe, tell, work, bill, panes } = online();
  const { invoice_id, session } = await billWithPage();
  stripe.answers.push({ status: 500, error: { type: 'api_error', message: 'sk_test_secret leaked' } });
  await tell(account.payByCard(session));
  expect(await work()).toMatchObject([{ kind: 'webhook_event', error: expect.anything() }]);
  expect(await eventsOf(session)).toMatchObject([
    { outcome: null, processed_at: null, error: 'Stripe has trouble (500 api_error).' },
  ]);
  await panes.database.owner.query('update jobs set run_at = now() where done_at is null');
  await work();
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid' });
  expect(await eventsOf(session)).toMatchObject([{ outcome: 'done', error: null }]);
});
