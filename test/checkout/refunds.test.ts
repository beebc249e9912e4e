import { describe, expect, test } from 'vitest';
import { sent } from '../invoices/billing.ts';
import { race, refusal } from '../support/refusal.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { clearSecret, useOnline } from './online.ts';

// Money that came by Stripe goes back through it: on its way, given back, or not, and never twice.

const online = useOnline();
const reasoning = 'Jane asked for it on the phone';

interface Paid {
  invoice_id: string;
  payment_id: string;
  intent: string;
}

/** A bill of $662.00 that was paid at Stripe, by card unless `way` says otherwise. */
async function paid(way: 'card' | 'bank' = 'card'): Promise<Paid> {
  const { panes, account, work, tell, list } = online();
  const invoice_id = await sent(panes);
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === invoice_id);
  const session = String(page?.id);
  if (way === 'card') await tell(account.payByCard(session));
  else {
    await tell(account.payByBank(session));
    await tell(account.bankPays(session));
  }
  await work();
  const [payment] = await list('payments', { invoice_id });
  return { invoice_id, payment_id: String(payment?.reference), intent: String(page?.payment_intent) };
}

const { act, done } = {
  act: (...given: Parameters<ReturnType<typeof online>['panes']['act']>) => online().panes.act(...given),
  done: (...given: Parameters<ReturnType<typeof online>['panes']['done']>) => online().panes.done(...given),
};
const give = (payment_id: string, amount_cents?: number, more: Record<string, unknown> = {}) =>
  act(online().panes.dana, 'payment.refund', {
    payment_id,
    reason: 'goodwill',
    ...(amount_cents === undefined ? {} : { amount_cents }),
    ...more,
  });
const refundsOf = (payment_id: string) => online().list('refunds', { payment_id });
const thereOf = (intent: string) =>
  online()
    .account.list('refund')
    .filter(each => each.payment_intent === intent);
const lastEvent = (type: string) => online().account.events.findLast(each => each.type === type);
const tasksOf = async (invoice_id: string, status = 'open') =>
  (await online().list('tasks', { invoice_id, status })).map(({ title }) => title);
const toldOf = (invoice_id: string) =>
  online().panes.read(online().panes.olivia, 'tasks', {
    params: { invoice_id, status: 'open' },
    fields: ['title', 'note'],
  });
const posted = () => online().stripe.requests.filter(({ method }) => method === 'POST');

describe('money that came by card', () => {
  test('goes back through Stripe whole: on its way until it answers, and the bill is refunded', async () => {
    const { work, bill } = online();
    const { invoice_id, payment_id, intent } = await paid();
    expect((await give(payment_id)).data).toMatchObject({
      status: 'pending',
      amount_cents: 66_200,
      method: 'card',
      left_cents: 0,
      invoice_status: 'paid',
    });
    expect(thereOf(intent)).toEqual([]);
    expect(await work()).toMatchObject([{ kind: 'refund_through_stripe', outcome: { status: 'succeeded' } }]);
    const [refund] = await refundsOf(payment_id);
    expect(refund).toMatchObject({ status: 'succeeded', reason: 'goodwill', failure: null });
    expect(await bill(invoice_id)).toMatchObject({ status: 'refunded', paid_cents: 0 });
    expect(thereOf(intent)).toMatchObject([
      {
        amount: 66_200,
        reason: null,
        metadata: { refund: refund?.reference, payment: payment_id, invoice: invoice_id },
      },
    ]);
    const asked = posted().at(-1);
    expect(asked).toMatchObject({ path: '/v1/refunds', headers: { 'idempotency-key': refund?.id } });
  });

  test('goes back in parts, each once, and the bill stays paid', async () => {
    const { work, bill } = online();
    const { invoice_id, payment_id, intent } = await paid();
    await give(payment_id, 5_000, { reason: 'duplicate' });
    await work();
    await give(payment_id, 1_200);
    await work();
    expect(thereOf(intent)).toMatchObject([{ amount: 5_000, reason: 'duplicate' }, { amount: 1_200 }]);
    expect(await bill(invoice_id)).toMatchObject({
      status: 'paid',
      paid_cents: 60_000,
      refunded_cents: 6_200,
    });
  });

  test('is never more than is left, counting what is on its way', async () => {
    const { work } = online();
    const { payment_id, intent } = await paid();
    await give(payment_id, 66_000);
    expect(await refusal(give(payment_id, 201))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
      left_cents: 200,
      message: `Only $2.00 of ${payment_id} is left to give back; $660.00 is on its way.`,
    });
    expect((await give(payment_id)).data).toMatchObject({ amount_cents: 200 });
    expect(await refusal(give(payment_id, 1))).toMatchObject({
      code: 'INVALID_STATE',
      message: `Nothing of ${payment_id} is left to give back; $662.00 is on its way.`,
    });
    await work();
    expect(
      thereOf(intent)
        .map(({ amount }) => amount)
        .sort(),
    ).toEqual([200, 66_000]);
    expect((await refusal(give(payment_id, 1))).message).toBe(`All of ${payment_id} was given back already.`);
  });

  test('by two at once goes back once', async () => {
    const { work, bill } = online();
    const { invoice_id, payment_id, intent } = await paid();
    const { won, refused } = await race([give(payment_id, 40_000), give(payment_id, 40_000)]);
    expect([won.length, refused]).toEqual([1, ['VALIDATION_ERROR']]);
    await work();
    expect(thereOf(intent)).toMatchObject([{ amount: 40_000 }]);
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 26_200, refunded_cents: 40_000 });
  });

  test('goes the way it came, and on the day Stripe says', async () => {
    const { payment_id } = await paid();
    expect(await refusal(give(payment_id, 100, { method: 'cash' }))).toMatchObject({ field: 'method' });
    expect(await refusal(give(payment_id, 100, { refunded_at: '2026-11-17' }))).toMatchObject({
      field: 'refunded_at',
    });
    expect((await give(payment_id, 100, { method: 'card' })).data).toMatchObject({ status: 'pending' });
  });
});

test('what goes out is shown exactly before it does, and a preview asks Stripe nothing', async () => {
  const { panes, stripe } = online();
  const { invoice_id, payment_id, intent } = await paid();
  const asked = stripe.requests.length;
  const data = { payment_id, amount_cents: 5_000, reason: 'duplicate' };
  const { status, data: shown } = await act(panes.dana, 'payment.refund', data, { preview: true });
  expect(status).toBe('preview');
  expect(shown.would_send).toMatchObject([
    {
      kind: 'refund_through_stripe',
      payload: {
        payment_intent: intent,
        amount_cents: 5_000,
        currency: 'USD',
        reason: 'duplicate',
        metadata: { payment: payment_id, invoice: invoice_id },
      },
    },
  ]);
  expect(stripe.requests).toHaveLength(asked);
  expect(await refundsOf(payment_id)).toEqual([]);
});

test('an agent asks first, and what the owner allows is what was shown', async () => {
  const { panes, work } = online();
  const { payment_id, intent } = await paid();
  const data = { payment_id, amount_cents: 5_000, reason: 'goodwill' };
  const asked = await act(panes.agent, 'payment.refund', data, { reasoning });
  expect(asked.status).toBe('pending_authorization');
  await work();
  expect(thereOf(intent)).toEqual([]);
  const [request] = await panes.read(panes.olivia, 'authorization_requests', {
    filter: 'pending',
    fields: ['reference', 'digest'],
  });
  const { status } = await done(panes.olivia, 'authorization.allow_once', {
    request: request?.reference,
    digest: request?.digest,
  });
  expect(status).toBe('succeeded');
  await work();
  expect(thereOf(intent)).toMatchObject([{ amount: 5_000 }]);
});

test('technicians and other businesses give nothing back, and nobody else says what became of it', async () => {
  const { panes } = online();
  const { payment_id } = await paid();
  const data = { payment_id, reason: 'other' };
  expect((await refusal(act(panes.theo, 'payment.refund', data))).code).toBe('FORBIDDEN');
  expect((await refusal(act(panes.clear.owner, 'payment.refund', data))).code).toBe('NOT_FOUND');
  const { data: refund } = await give(payment_id, 100);
  const said = { refund_id: refund.reference, status: 'failed', failure: 'declined' };
  expect((await refusal(act(panes.olivia, 'payment.record_refund', said))).code).toBe('FORBIDDEN');
  expect((await refusal(act(panes.agent, 'payment.record_refund', said))).code).toBe('HUMAN_ONLY');
  expect(await refundsOf(payment_id)).toMatchObject([{ status: 'pending' }]);
});

describe('a bank takes days', () => {
  test('it is on its way, not owed twice, and given back when the event says so', async () => {
    const { tell, work, bill, account } = online();
    const { invoice_id, payment_id, intent } = await paid('bank');
    await give(payment_id, 5_000);
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'pending', method: 'bank_transfer' }]);
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 66_200, refunded_cents: 0 });
    const arrived = account.refundArrives(String(thereOf(intent)[0]?.id));
    await tell(arrived);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 61_200, refunded_cents: 5_000 });
  });

  test('it fails after it went: the sums come back, and the owner has a task in plain words', async () => {
    const { tell, work, bill, account } = online();
    const { invoice_id, payment_id, intent } = await paid();
    await give(payment_id);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'refunded' });
    const failed = account.refundFails(String(thereOf(intent)[0]?.id));
    await tell(failed);
    await tell({ ...failed, id: newStripeId('evt') });
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([
      { status: 'failed', failure: 'expired_or_canceled_card' },
    ]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200, refunded_cents: 0 });
    const [task, ...others] = await toldOf(invoice_id);
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      title: `$662.00 for ${invoice_id} was not given back to Jane Smith`,
      note: expect.stringContaining('The card of the customer is not valid any more'),
    });
    // Once more, and this time it goes: the task is done.
    await give(payment_id);
    await work();
    expect(await tasksOf(invoice_id)).toEqual([]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'refunded', paid_cents: 0 });
  });
});

describe('events of refunds', () => {
  test('doubled and backwards leave what is so', async () => {
    const { tell, work, bill, account, list } = online();
    const { invoice_id, payment_id, intent } = await paid('bank');
    await give(payment_id, 5_000);
    await work();
    const created = lastEvent('refund.created');
    const id = String(thereOf(intent)[0]?.id);
    const arrived = account.refundArrives(id);
    const failed = account.refundFails(id);
    for (const event of [failed, arrived, created, failed]) expect((await tell(event)).status).toBe(200);
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'failed' }]);
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 66_200, refunded_cents: 0 });
    const fates = (await list('webhook_events')).filter(({ object_id }) => object_id === id);
    expect(fates.map(({ outcome }) => outcome).sort()).toEqual(['done', 'skipped', 'skipped']);
  });

  test('that come before our own answer is written down are about the same refund', async () => {
    const { tell, work, stripe } = online();
    const { payment_id, intent } = await paid();
    await give(payment_id, 5_000);
    // Looked for, made, and nobody hears of it.
    const { refund_id } = await payloadOf(payment_id);
    const [row] = await refundsOf(payment_id);
    expect(row?.id).toBe(refund_id);
    online().account.refund(intent, 5_000, { metadata: { refund_id } });
    await tell(lastEvent('refund.created'));
    stripe.requests = [];
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'succeeded', amount_cents: 5_000 }]);
    expect(thereOf(intent)).toHaveLength(1);
  });

  test('of one that was made in the dashboard are written down, too, and count', async () => {
    const { tell, work, bill, account } = online();
    const { invoice_id, payment_id, intent } = await paid();
    account.refund(intent, 1_000);
    await tell(lastEvent('refund.created'));
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([
      { status: 'succeeded', amount_cents: 1_000, reason: 'other', note: 'Given back in Stripe' },
    ]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 65_200 });
    expect((await refusal(give(payment_id, 65_201))).code).toBe('VALIDATION_ERROR');
  });

  test('name our own refund of another payment in their notes: they are not believed', async () => {
    const { tell, work, account } = online();
    const [one, other] = [await paid('bank'), await paid()];
    await give(one.payment_id, 1_000);
    const { refund_id } = await payloadOf(one.payment_id);
    account.refund(other.intent, 1_000, { metadata: { refund_id } });
    await tell(lastEvent('refund.created'));
    await work();
    expect(await refundsOf(other.payment_id)).toMatchObject([{ amount_cents: 1_000, reason: 'other' }]);
    expect(await refundsOf(one.payment_id)).toMatchObject([{ status: 'pending', reason: 'goodwill' }]);
  });

  test('that another business sends are refused and change nothing', async () => {
    const { tell, work, account, panes } = online();
    const { payment_id, intent } = await paid();
    await give(payment_id, 5_000);
    await work();
    const failed = account.refundFails(String(thereOf(intent)[0]?.id));
    await tell(failed, { secret: clearSecret, slug: 'clear-view' });
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'succeeded' }]);
    const told = await panes.read(panes.clear.owner, 'webhook_events');
    expect(told).toMatchObject([
      { outcome: 'refused', said: 'Stripe has nothing of this id under the key of this business.' },
    ]);
    await tell(failed);
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'failed' }]);
  });
});

/** What the job that waits would ask of Stripe. */
async function payloadOf(payment_id: string): Promise<Record<string, unknown>> {
  const jobs = await online().list('outbox', { kind: 'refund_through_stripe' });
  const found = jobs.find(({ payload }) => Object(Object(payload).metadata).payment === payment_id);
  return Object(found?.payload);
}

/** Lets what has failed run again at once. */
const again = () =>
  online().panes.database.owner.query('update jobs set run_at = now() where done_at is null');

describe('when Stripe does not do it', () => {
  test.each([
    ['charge_already_refunded', 400, 'All of it was given back at Stripe already'],
    ['charge_disputed', 400, 'The customer disputes the payment with their bank'],
    ['resource_missing', 404, 'Stripe does not know this payment'],
  ])('because of %s: it failed, is left to give back, and the owner reads why', async (code, status, why) => {
    const { stripe, work, bill } = online();
    const { invoice_id, payment_id } = await paid();
    await give(payment_id, 5_000);
    stripe.answers.push({ status: 200, page: '{"object": "list", "data": []}' });
    stripe.answers.push({ status, error: { type: 'invalid_request_error', code, message: 'sk_test_x' } });
    expect(await work()).toMatchObject([{ error: expect.anything() }]);
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'failed', failure: code }]);
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 66_200 });
    const [task] = await toldOf(invoice_id);
    expect(task?.note).toContain(why);
    expect(JSON.stringify(task)).not.toContain('sk_test');
    expect((await give(payment_id)).data).toMatchObject({ amount_cents: 66_200 });
  });

  test('because there is no key any more: refused at once, or failed when the key went meanwhile', async () => {
    const { panes, work } = online();
    const { payment_id } = await paid();
    await give(payment_id, 5_000);
    await done(panes.olivia, 'secret.remove', { name: 'stripe_secret_key' });
    expect(await refusal(give(payment_id, 100))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${payment_id} came by Stripe, and there is no key of Stripe any more.`,
    });
    await work();
    await done(panes.olivia, 'secret.set', {
      name: 'stripe_secret_key',
      value: 'sk_test_brightpanes0001',
    });
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'failed', failure: 'no_key' }]);
    expect((await give(payment_id, 100)).data).toMatchObject({ status: 'pending' });
  });

  test('because it is away: it stays on its way and goes later, once', async () => {
    const { stripe, work } = online();
    const { payment_id, intent } = await paid();
    await give(payment_id, 5_000);
    stripe.answers.push({ status: 503, error: { type: 'api_error', message: 'x' } });
    expect(await work()).toMatchObject([{ error: expect.anything() }]);
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'pending' }]);
    await again();
    await work();
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'succeeded' }]);
    expect(thereOf(intent)).toHaveLength(1);
  });

  test('to the end: it stays on its way, cannot be given twice, and the owner is to look', async () => {
    const { panes, work } = online();
    const { invoice_id, payment_id, intent } = await paid();
    await give(payment_id);
    const payload = await payloadOf(payment_id);
    const handler = panes.app.registry.jobs.get('refund_through_stripe');
    const { executeForJobs, readForJobs } = await import('../../core/app.ts');
    const job = {
      organization_id: panes.bright.id,
      id: String(payload.refund_id),
      kind: 'refund_through_stripe',
      payload,
      request_id: null,
      attempts: 10,
      max_attempts: 10,
      last_error: null,
      created_at: panes.now().toString(),
    };
    const { app } = panes;
    const tools = {
      read: readForJobs(app),
      execute: executeForJobs(app),
      executeEvent: () => Promise.reject(new Error('no event')),
      linkAddress: app.linkAddress,
      connectors: {},
      base_url: '',
    };
    for (const _ of [1, 2]) await handler?.gaveUp?.(job, tools, 'Stripe could not be reached in time.');
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'pending' }]);
    expect(await tasksOf(invoice_id)).toEqual([
      `Look whether $662.00 for ${invoice_id} was given back to Jane Smith`,
    ]);
    expect((await refusal(give(payment_id))).code).toBe('INVALID_STATE');
    // Tried again by the owner, it goes, and the task is done.
    await work();
    expect(thereOf(intent)).toHaveLength(1);
    expect(await tasksOf(invoice_id)).toEqual([]);
  });

  test('and answers nobody: asked once more, it finds what it did', async () => {
    const { stripe, work } = online();
    const { payment_id, intent } = await paid();
    await give(payment_id, 5_000);
    stripe.answers.push({ status: 200, page: '{"object": "list", "data": []}' }, 'lost', 'lost');
    expect(await work()).toMatchObject([{ error: expect.anything() }]);
    expect(thereOf(intent)).toHaveLength(1);
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'pending' }]);
    // A day later it has forgotten the key.
    online().account.answers.clear();
    await again();
    await work();
    expect(thereOf(intent)).toHaveLength(1);
    expect(await refundsOf(payment_id)).toMatchObject([{ status: 'succeeded' }]);
  });
});

test('what is on its way back is not to be given back once more; when it fails, it is again', async () => {
  const { panes, work, account, tell } = online();
  const { invoice_id, payment_id, intent } = await paid('bank');
  const record = { invoice_id, amount_cents: 1_000, method: 'cash' };
  await done(panes.dana, 'invoice.record_payment', record);
  expect(await tasksOf(invoice_id)).toEqual([`Give $10.00 back for ${invoice_id} to Jane Smith`]);
  await give(payment_id, 1_000, { reason: 'overpaid' });
  await work();
  expect(await tasksOf(invoice_id)).toEqual([]);
  await tell(account.refundFails(String(thereOf(intent)[0]?.id), 'declined'));
  await work();
  expect((await tasksOf(invoice_id)).sort()).toEqual([
    `$10.00 for ${invoice_id} was not given back to Jane Smith`,
    `Give $10.00 back for ${invoice_id} to Jane Smith`,
  ]);
});
