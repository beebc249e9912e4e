import { describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { draft, sent } from '../invoices/billing.ts';
import { refusal } from '../support/refusal.ts';
import { useOnline } from './online.ts';

const online = useOnline();

/** The link in the mail of a bill that was sent, as the address says it that Stripe leads back to. */
async function linkOf(invoice_id: string): Promise<Caller> {
  const { account, work } = online();
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === invoice_id);
  return { via: 'link', token: /\/pay\/([\w-]+)/.exec(String(page?.cancel_url))?.[1] ?? '' };
}

const open = (caller: Caller, invoice_id: string) =>
  online().panes.done(caller, 'invoice.open_checkout', { invoice_id });
const pagesOf = (invoice_id: string) =>
  online()
    .account.list('checkout.session')
    .filter(each => each.client_reference_id === invoice_id);

describe('a page to pay at is opened by', () => {
  test('who has the link of this bill, and of no other', async () => {
    const { panes } = online();
    const [one, other] = [await sent(panes), await sent(panes)];
    const link = await linkOf(one);
    expect(await open(link, one)).toMatchObject({ amount_cents: 66_200 });
    const before = pagesOf(other).length;
    expect((await refusal(open(link, other))).code).toBe('FORBIDDEN');
    expect(pagesOf(other)).toHaveLength(before);
  });

  test('the office, and no technician, no agent and no other business', async () => {
    const { panes } = online();
    const invoice_id = await sent(panes);
    expect((await refusal(open(panes.tess, invoice_id))).code).toBe('FORBIDDEN');
    expect((await refusal(open(panes.agent, invoice_id))).code).toBe('HUMAN_ONLY');
    expect((await refusal(open(panes.clear.owner, invoice_id))).code).toBe('NOT_FOUND');
    expect(await open(panes.dana, invoice_id)).toMatchObject({ currency: 'USD' });
  });
});

test('two presses at once lead to one page', async () => {
  const { panes, work } = online();
  const invoice_id = await sent(panes);
  const link = await linkOf(invoice_id);
  await panes.done(panes.dana, 'invoice.record_payment', {
    invoice_id,
    amount_cents: 10_000,
    method: 'cash',
  });
  await work();
  const [a, b] = await Promise.all([open(link, invoice_id), open(link, invoice_id)]);
  expect(a.checkout_url).toBe(b.checkout_url);
  expect(pagesOf(invoice_id).filter(({ status }) => status === 'open')).toMatchObject([
    { amount_total: 56_200 },
  ]);
});

test('a page for another amount is closed, here and at Stripe', async () => {
  const { panes, work } = online();
  const invoice_id = await sent(panes);
  await linkOf(invoice_id);
  await panes.done(panes.dana, 'invoice.record_payment', {
    invoice_id,
    amount_cents: 10_000,
    method: 'cash',
  });
  await work();
  expect(pagesOf(invoice_id)).toMatchObject([{ status: 'expired', amount_total: 66_200 }]);
  await open(panes.dana, invoice_id);
  expect(pagesOf(invoice_id)).toMatchObject([
    { status: 'expired' },
    { status: 'open', amount_total: 56_200 },
  ]);
});

test.each([
  ['paid in cash', 'invoice.record_payment', { amount_cents: 66_200, method: 'cash' }],
  ['voided', 'invoice.void', { reason: 'Wrong customer' }],
] as const)('the page of a bill that is %s is closed', async (_, action, data) => {
  const { panes, work } = online();
  const invoice_id = await sent(panes);
  await linkOf(invoice_id);
  expect(pagesOf(invoice_id)).toMatchObject([{ status: 'open' }]);
  await panes.done(panes.olivia, action, { invoice_id, ...data });
  await work();
  expect(pagesOf(invoice_id)).toMatchObject([{ status: 'expired' }]);
  expect(await refusal(open(panes.dana, invoice_id))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringContaining('asks for nothing any more'),
  });
});

describe('no page is opened', () => {
  test('for a draft', async () => {
    const { panes } = online();
    const invoice_id = await draft(panes);
    expect((await refusal(open(panes.dana, invoice_id))).message).toContain('is a draft');
  });

  test('while a bank payment is on its way, nor when somebody has paid a moment ago', async () => {
    const { panes, account, tell, work } = online();
    const invoice_id = await sent(panes);
    const link = await linkOf(invoice_id);
    const session = String(pagesOf(invoice_id)[0]?.id);
    const event = account.payByBank(session);
    expect((await refusal(open(link, invoice_id))).message).toContain('was paid a moment ago');
    await tell(event);
    await work();
    expect((await refusal(open(link, invoice_id))).message).toBe(
      `A bank payment of $662.00 for ${invoice_id} is on its way.`,
    );
    await tell(account.bankRefuses(session));
    await work();
    expect(await open(link, invoice_id)).toMatchObject({ amount_cents: 66_200 });
  });

  test('for a bill that is paid otherwise, nor without a key of Stripe', async () => {
    const { panes, stripe } = online();
    const { done, dana, olivia } = panes;
    const manual = await draft(panes);
    await done(dana, 'invoice.update', { invoice_id: manual, collection_method: 'manual' });
    await done(dana, 'invoice.send', { invoice_id: manual });
    expect((await refusal(open(dana, manual))).message).toContain('is not paid on our page');
    const invoice_id = await sent(panes);
    await done(olivia, 'secret.remove', { name: 'stripe_secret_key' });
    const asked = stripe.requests.length;
    expect(await refusal(open(dana, invoice_id))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'Nobody can pay online here: there is no key of Stripe.',
    });
    expect(stripe.requests).toHaveLength(asked);
    await done(olivia, 'secret.set', { name: 'stripe_secret_key', value: 'sk_test_brightpanes0001' });
    expect(await open(dana, invoice_id)).toMatchObject({ amount_cents: 66_200 });
  });

  test('when Stripe is away or does not know the key: nothing is written, and no key is told', async () => {
    const { panes, stripe } = online();
    const invoice_id = await sent(panes);
    const message = 'Invalid API Key provided: sk_test_brightpanes0001';
    stripe.answers.push({ status: 503, error: { type: 'api_error', message } });
    expect((await refusal(open(panes.dana, invoice_id))).code).toBe('UNAVAILABLE');
    stripe.answers.push({ status: 401, error: { type: 'invalid_request_error', message } });
    const refused = await refusal(open(panes.dana, invoice_id));
    expect(refused.code).toBe('UPSTREAM_ERROR');
    expect(JSON.stringify(refused)).not.toContain('sk_test');
    expect(pagesOf(invoice_id)).toEqual([]);
    expect(await open(panes.dana, invoice_id)).toMatchObject({ amount_cents: 66_200 });
  });
});

test('a preview opens nothing', async () => {
  const { panes, stripe } = online();
  const invoice_id = await sent(panes);
  const asked = stripe.requests.length;
  const { status } = await panes.act(panes.dana, 'invoice.open_checkout', { invoice_id }, { preview: true });
  expect(status).toBe('preview');
  expect(stripe.requests).toHaveLength(asked);
});

test('a secret key of another shape is refused and not said again', async () => {
  const { panes } = online();
  const value = 'pk_test_thisisthepublicone';
  const refused = await refusal(panes.done(panes.olivia, 'secret.set', { name: 'stripe_secret_key', value }));
  expect(refused).toMatchObject({ code: 'VALIDATION_ERROR', field: 'value' });
  expect(JSON.stringify(refused)).not.toContain(value);
});

test('no key is in any log, answer, history or row', async () => {
  const { panes, front } = online();
  const rows = await panes.database.owner.query(
    `select a::text as row from audit_log as a union all select j::text from jobs as j
     union all select w::text from webhook_events as w union all select s::text from security_events as s
     union all select s::text from secrets as s`,
  );
  expect(rows.rows.length).toBeGreaterThan(20);
  expect(JSON.stringify([rows.rows, front.logs])).not.toMatch(/sk_test|whsec/);
});
