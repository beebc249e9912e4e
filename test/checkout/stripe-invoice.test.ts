import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { draft, mailsTo } from '../invoices/billing.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import {
  balances,
  bankPays,
  markPaid,
  payByBank,
  payByCard,
  payOther,
  refuse,
  voidInvoice,
} from '../support/stripe/invoices.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { billAtStripe, invoicesOf } from './bills.ts';
import { useOnline } from './online.ts';

const online = useOnline();

test('a bill is asked for by an invoice of Stripe’s, paid there, and thanked for', async () => {
  const { panes, account, stripe, tell, work, bill } = online();
  const before = (await mailsTo(panes, 'jane.smith@example.com')).length;
  const { invoice_id, at_stripe } = await billAtStripe(online());
  expect(account.find('invoice', at_stripe, 'invoice')).toMatchObject({
    number: invoice_id,
    status: 'open',
    collection_method: 'send_invoice',
    auto_advance: false,
    total: 66_200,
    currency: 'usd',
    metadata: { invoice: invoice_id, business: 'bright-panes' },
  });
  // The office writes the only mail: nobody is sent another one by Stripe.
  expect(await mailsTo(panes, 'jane.smith@example.com')).toHaveLength(before + 1);
  expect(stripe.requests.some(({ path }) => path.endsWith('/send'))).toBe(false);
  expect(account.list('checkout.session')).toEqual([]);

  expect((await tell(payByCard(account, at_stripe))).status).toBe(200);
  expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  await work();
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  const names = ['invoice_id', 'invoice_url', 'pdf_url', 'payment_intent_id', 'charge_id', 'customer_id'];
  const [known] = await panes.read(panes.olivia, 'invoices', {
    id: invoice_id,
    fields: [...names.map(name => `stripe_${name}`), 'last_synced_at'],
  });
  expect(known).toMatchObject({
    stripe_invoice_id: at_stripe,
    stripe_invoice_url: `${stripe.url}/i/${at_stripe}`,
    stripe_pdf_url: `${stripe.url}/i/${at_stripe}/pdf`,
    stripe_charge_id: account.list('charge')[0]?.id,
    stripe_customer_id: account.list('customer')[0]?.id,
    last_synced_at: expect.any(String),
  });
  expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
});

const open = (caller: Caller, invoice_id: string) =>
  online().panes.done(caller, 'invoice.open_checkout', { invoice_id });
const taskOf = async (word: string) =>
  (
    await online().panes.read(online().panes.olivia, 'tasks', {
      fields: ['title', 'status', 'note'],
      limit: 100,
    })
  ).filter(({ title }) => String(title).includes(word));
/** The money of the business, as of now. */
const setCurrency = (currency: string) =>
  asTableOwner(online().panes, `update organizations set currency = $1 where slug = 'bright-panes'`, [
    currency,
  ]);
const paymentsOf = (invoice_id: string) => online().list('payments', { invoice_id });
const atStripe = (id: string) => online().account.find('invoice', id, 'invoice');
const linesAt = (id: string) =>
  z
    .object({ data: z.array(z.looseObject({ description: z.string(), amount: z.number() })) })
    .parse(atStripe(id).lines)
    .data.map(({ description, amount }) => [description, amount]);

describe('the invoice there comes to what ours does, to the cent', () => {
  const make = async (data: Record<string, unknown>) => {
    const { panes, work } = online();
    const bill = await panes.done(panes.dana, 'invoice.create', {
      contact_id: 'Jane Smith',
      collection_method: 'stripe_invoice',
      ...data,
    });
    const invoice_id = String(bill.reference);
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    await work();
    return { invoice_id, total: bill.total_cents, at: String(invoicesOf(online(), invoice_id).at(-1)?.id) };
  };

  test('with a discount, taxes, and quantities that are no whole numbers', async () => {
    const { total, at } = await make({
      lines: [
        { description: 'Gutters', quantity: 2.5, unit_price_cents: 333, tax_rate: 8.875 },
        { description: 'Screens front', quantity: 3, unit_price_cents: 1_999, tax_rate: 5 },
        { description: 'A favour', unit_price_cents: 1_000, tax_rate: 0 },
      ],
      discount_cents: 700,
    });
    expect(atStripe(at)).toMatchObject({ status: 'open', total, amount_due: total });
    expect(linesAt(at)).toEqual([
      ['Gutters (2.5 × $3.33)', 833],
      ['Screens front (3 × $19.99)', 5_997],
      ['A favour', 1_000],
      ['Discount', -700],
    ]);
  });

  test.each([
    ['JPY', 1_500, 1_500],
    ['ISK', 2_000, 200_000],
    ['KWD', 12_340, 12_340],
  ])('in %s', async (currency, unit_price_cents, total) => {
    await setCurrency(currency);
    const { at } = await make({ lines: [{ description: 'Windows', unit_price_cents, tax_rate: 0 }] });
    expect(atStripe(at)).toMatchObject({ status: 'open', currency: currency.toLowerCase(), total });
    await setCurrency('USD');
  });

  test('of a bill of which a part is paid: what is left', async () => {
    const { panes, work } = online();
    const invoice_id = await draft(panes);
    await panes.done(panes.dana, 'invoice.update', { invoice_id, collection_method: 'stripe_invoice' });
    await panes.done(panes.dana, 'invoice.finalize', { invoice_id });
    await panes.done(panes.dana, 'invoice.record_payment', {
      invoice_id,
      amount_cents: 6_200,
      method: 'cash',
    });
    await work();
    const at = String(invoicesOf(online(), invoice_id).at(-1)?.id);
    expect(atStripe(at)).toMatchObject({ status: 'open', total: 60_000, number: invoice_id });
    expect(linesAt(at).at(-1)).toEqual(['Paid so far', -6_200]);
  });
});

describe('when Stripe would ask for something else, nobody is led there, and the owner has a task', () => {
  test('for it holds money of the customer', async () => {
    const { panes, account, work } = online();
    await billAtStripe(online());
    const customer = String(account.list('customer').findLast(({ deleted }) => !deleted)?.id);
    balances.set(account, new Map([[customer, -1_000]]));
    const { invoice_id } = await billAtStripe(online());
    expect(invoicesOf(online(), invoice_id)).toEqual([]);
    const [task] = await taskOf(invoice_id);
    expect(task).toMatchObject({
      title: `Stripe does not ask for ${invoice_id}: Jane Smith`,
      note: expect.stringContaining('Stripe would ask for $652.00 instead of $662.00.'),
      status: 'open',
    });
    expect(await refusal(open(panes.dana, invoice_id))).toMatchObject({ code: 'UPSTREAM_ERROR' });

    // Once that is mended there it is sent once more, and the task is done by itself.
    balances.delete(account);
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    await panes.database.owner.query('update jobs set run_at = now() where done_at is null');
    await work();
    expect(invoicesOf(online(), invoice_id)).toMatchObject([{ status: 'open', total: 66_200 }]);
    expect((await taskOf(invoice_id))[0]).toMatchObject({ status: 'done' });
  });

  test('for it is too little, or in dinars to the thousandth', async () => {
    const { panes, work, account } = online();
    const before = account.list('invoice').length;
    const lines = [{ description: 'A tip', unit_price_cents: 40, tax_rate: 0 }];
    const bill = { contact_id: 'Jane Smith', lines, collection_method: 'stripe_invoice' };
    const small = String((await panes.done(panes.dana, 'invoice.create', bill)).reference);
    await panes.done(panes.dana, 'invoice.send', { invoice_id: small });
    await work();
    expect((await taskOf(small))[0]).toMatchObject({ note: expect.stringContaining('instead of $0.40') });
    await setCurrency('KWD');
    const odd = [{ description: 'Windows', unit_price_cents: 12_345, tax_rate: 0 }];
    const dinars = String(
      (await panes.done(panes.dana, 'invoice.create', { ...bill, lines: odd })).reference,
    );
    await panes.done(panes.dana, 'invoice.send', { invoice_id: dinars });
    await work();
    await setCurrency('USD');
    expect((await taskOf(dinars))[0]).toMatchObject({
      note: expect.stringContaining('to the hundredth only'),
    });
    expect(account.list('invoice')).toHaveLength(before);
  });
});

describe('it is made once', () => {
  test.each([1, 2, 3, 4, 5, 6])('when whoever makes it is cut off behind request %i', async nth => {
    const { panes, stripe, work, account } = online();
    account.deleteCustomer(String(account.list('customer').findLast(({ deleted }) => !deleted)?.id));
    const invoice_id = await draft(panes);
    await panes.done(panes.dana, 'invoice.update', { invoice_id, collection_method: 'stripe_invoice' });
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    // The answer is lost on the way as often as the client asks: it was done, and nobody heard of it.
    let asked = 0;
    stripe.lose = () => {
      asked += 1;
      return asked >= nth && asked < nth + 2;
    };
    await work();
    stripe.lose = undefined;
    // A day later Stripe has forgotten all keys.
    account.answers.clear();
    await panes.database.owner.query('update jobs set run_at = now() where done_at is null');
    await work();
    expect(invoicesOf(online(), invoice_id)).toMatchObject([{ status: 'open', total: 66_200 }]);
    expect(await open(panes.dana, invoice_id)).toMatchObject({ amount_cents: 66_200 });
    expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
  });

  test('when two press Pay at once before it is there', async () => {
    const { panes } = online();
    const invoice_id = await draft(panes);
    await panes.done(panes.dana, 'invoice.update', { invoice_id, collection_method: 'stripe_invoice' });
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    const [a, b] = await Promise.all([open(panes.dana, invoice_id), open(panes.olivia, invoice_id)]);
    expect(a.checkout_url).toBe(b.checkout_url);
    expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
  });

  test('with a number of its own where another one has ours, and for a customer who was deleted there', async () => {
    const { panes, account, work } = online();
    const invoice_id = await draft(panes);
    account.add('invoice', { number: invoice_id, customer: 'cus_other', status: 'open' });
    account.deleteCustomer(String(account.list('customer').findLast(({ deleted }) => !deleted)?.id));
    await panes.done(panes.dana, 'invoice.update', { invoice_id, collection_method: 'stripe_invoice' });
    await panes.done(panes.dana, 'invoice.send', { invoice_id });
    await work();
    expect(invoicesOf(online(), invoice_id)).toMatchObject([{ number: `${invoice_id}-2`, status: 'open' }]);
  });
});

describe('what happens there is written down here', () => {
  test('a bank brings the money after days, and nobody is led there meanwhile', async () => {
    const { panes, account, tell, work, bill } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    await tell(payByBank(account, at_stripe));
    await work();
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'pending', method: 'bank_transfer' }]);
    expect((await refusal(open(panes.dana, invoice_id))).message).toContain('is on its way');
    expect(atStripe(at_stripe)).toMatchObject({ status: 'open' });
    await tell(bankPays(account, at_stripe));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'succeeded' }]);
  });

  test('a bank sends the money back: it failed, the office is told, and the same invoice is paid by card', async () => {
    const { panes, account, tell, work, bill } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    await tell(payByBank(account, at_stripe));
    await work();
    await tell(refuse(account, at_stripe, 'insufficient_funds'));
    await work();
    expect(await paymentsOf(invoice_id)).toMatchObject([{ status: 'failed' }]);
    expect(await taskOf(`for ${invoice_id} did not go through`)).toMatchObject([{ status: 'open' }]);
    await open(panes.dana, invoice_id);
    expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
    await tell(payByCard(account, at_stripe));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
    expect(await taskOf(`for ${invoice_id} did not go through`)).toMatchObject([{ status: 'done' }]);
  });

  test('every event of one payment, doubled and shuffled, is one payment', async () => {
    const { account, tell, work, bill, list } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    const before = account.events.length;
    refuse(account, at_stripe);
    payByCard(account, at_stripe);
    const events = account.events.slice(before);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['payment_intent.succeeded', 'invoice_payment.paid', 'invoice.paid']),
    );
    for (const event of [...events].reverse())
      await Promise.all([tell(event), tell({ ...event, id: newStripeId('evt') })]);
    await work();
    expect(await paymentsOf(invoice_id)).toHaveLength(1);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
    const fates = (await list('webhook_events')).filter(({ said }) => String(said).includes(invoice_id));
    expect(fates.every(({ outcome }) => outcome === 'done' || outcome === 'skipped')).toBe(true);
    expect(await list('security_events', { kind: 'webhook' })).toEqual([]);
  });

  test('in parts, and too much: sums are exact, and the rest is asked for at the same invoice', async () => {
    const { panes, account, tell, work, bill } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    await tell(payOther(account, at_stripe, 60_000));
    await tell(account.events.findLast(({ type }) => type === 'invoice_payment.paid'));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'partial', paid_cents: 60_000 });
    expect(await open(panes.dana, invoice_id)).toMatchObject({ amount_cents: 6_200 });
    expect(invoicesOf(online(), invoice_id)).toMatchObject([{ status: 'open', amount_remaining: 6_200 }]);
    await tell(payOther(account, at_stripe, 7_000));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 67_000 });
    expect(await taskOf(`Give $8.00 back for ${invoice_id}`)).toMatchObject([{ status: 'open' }]);
  });

  test('an amount that is forged in an event is not what was paid', async () => {
    const { account, tell, work, bill } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    const invoice = structuredClone(atStripe(at_stripe));
    await tell({
      ...account.tell('invoice.paid', invoice),
      data: { object: { ...invoice, status: 'paid', amount_paid: 66_200 } },
    });
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    await tell(payByCard(account, at_stripe));
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('the bill is the one whose invoice it is, whatever stands in its metadata', async () => {
    const { account, tell, work, bill } = online();
    const [one, other] = [await billAtStripe(online()), await billAtStripe(online())];
    Object.assign(atStripe(one.at_stripe), { metadata: { invoice: other.invoice_id }, number: 'X-1' });
    await tell(payByCard(account, one.at_stripe));
    await work();
    expect(await bill(one.invoice_id)).toMatchObject({ status: 'paid' });
    expect(await bill(other.invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  });

  test('an invoice that no bill of ours has asked for is none of ours, whatever its metadata says', async () => {
    const { panes, account, tell, work, bill, list } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    const paid = payByCard(account, at_stripe);
    // As if somebody had made it by hand in the dashboard, with the number of our bill on it.
    await asTableOwner(
      panes,
      'delete from checkout_sessions where organization_id = $1 and session_id = $2',
      [panes.bright.id, at_stripe],
    );
    await tell(paid);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    expect((await list('webhook_events')).filter(({ object_id }) => object_id === at_stripe)).toMatchObject([
      { outcome: 'skipped', said: 'No bill of ours is paid by this invoice.' },
    ]);
  });

  test('voided, or marked as paid, in the dashboard: the owner is told, and no money is made up', async () => {
    const { panes, account, tell, work, bill } = online();
    const one = await billAtStripe(online());
    voidInvoice(account, one.at_stripe);
    await tell(account.events.at(-1));
    const other = await billAtStripe(online());
    await tell(markPaid(account, other.at_stripe));
    await work();
    expect(await taskOf(`${one.invoice_id} was voided at Stripe`)).toHaveLength(1);
    expect(await taskOf(`${other.invoice_id} was marked as paid at Stripe`)).toHaveLength(1);
    expect(await bill(other.invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
    await open(panes.dana, one.invoice_id);
    expect(invoicesOf(online(), one.invoice_id)).toMatchObject([
      { status: 'void' },
      { status: 'open', number: `${one.invoice_id}-2` },
    ]);
    expect(await taskOf(`${one.invoice_id} was voided at Stripe`)).toMatchObject([{ status: 'done' }]);
  });
});

describe('what happens here ends it there', () => {
  test.each([
    ['voided', 'invoice.void', { reason: 'Wrong customer' }],
    ['paid in cash', 'invoice.record_payment', { amount_cents: 66_200, method: 'cash' }],
  ] as const)('when the bill is %s', async (_, action, data) => {
    const { panes, tell, account, work, list } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    await panes.done(panes.olivia, action, { invoice_id, ...data });
    await work();
    expect(atStripe(at_stripe)).toMatchObject({ status: 'void' });
    // That it ended there is no news.
    const tasks = (await list('tasks')).length;
    await tell(account.events.findLast(({ type }) => type === 'invoice.voided'));
    await work();
    expect(await list('tasks')).toHaveLength(tasks);
  });

  test('when a part is paid otherwise: the next one asks for the rest, under a number of its own', async () => {
    const { panes, work } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    await panes.done(panes.dana, 'invoice.record_payment', {
      invoice_id,
      amount_cents: 6_200,
      method: 'check',
    });
    // Pressed before the old one is void there.
    const pressed = await open(panes.dana, invoice_id);
    await work();
    expect(atStripe(at_stripe)).toMatchObject({ status: 'void' });
    const [, next] = invoicesOf(online(), invoice_id);
    expect(next).toMatchObject({ number: `${invoice_id}-2`, status: 'open', total: 60_000 });
    expect(pressed).toMatchObject({ checkout_url: next?.hosted_invoice_url, amount_cents: 60_000 });
  });

  test('unless it was paid meanwhile: that is kept, and to be given back', async () => {
    const { panes, account, tell, work, bill } = online();
    const { invoice_id, at_stripe } = await billAtStripe(online());
    const event = payByCard(account, at_stripe);
    await panes.done(panes.olivia, 'invoice.void', { invoice_id, reason: 'Wrong customer' });
    await work();
    await tell(event);
    await work();
    expect(await bill(invoice_id)).toMatchObject({ status: 'void', paid_cents: 66_200 });
    expect(await taskOf(`Give $662.00 back for ${invoice_id}`)).toHaveLength(1);
  });
});

test('a payment on it is given back and disputed like any other', async () => {
  const { panes, account, tell, work, bill } = online();
  const { invoice_id, at_stripe } = await billAtStripe(online());
  await tell(payByCard(account, at_stripe));
  await work();
  const [payment] = await paymentsOf(invoice_id);
  const back = { payment_id: payment?.reference, amount_cents: 6_200, reason: 'goodwill' };
  await panes.done(panes.olivia, 'payment.refund', back);
  await work();
  expect(await bill(invoice_id)).toMatchObject({ paid_cents: 60_000, refunded_cents: 6_200 });
  await tell(
    account.tell(
      'charge.dispute.created',
      account.dispute(String(account.list('charge').at(-1)?.payment_intent)),
    ),
  );
  await work();
  expect(await taskOf(`for ${invoice_id} is disputed`)).toHaveLength(1);
});

test('new bills are asked for as the business has said, unless they say otherwise', async () => {
  const { panes } = online();
  const { done, act, olivia, dana, agent } = panes;
  const settings = { default_collection_method: 'stripe_invoice' };
  const made = async (more = {}) => {
    const lines = [{ description: 'Windows', unit_price_cents: 9_000 }];
    return (await done(dana, 'invoice.create', { contact_id: 'Jane Smith', lines, ...more }))
      .collection_method;
  };
  expect(await made()).toBe('checkout');
  expect((await refusal(act(agent, 'organization.update_settings', { settings }))).code).toBe('FORBIDDEN');
  await done(olivia, 'organization.update_settings', { settings });
  expect(await made()).toBe('stripe_invoice');
  expect(await made({ collection_method: 'manual' })).toBe('manual');
  await done(olivia, 'organization.update_settings', { settings: { default_collection_method: null } });
});
