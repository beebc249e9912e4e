import { describe, expect, test } from 'vitest';
import { draft, sent } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'Jane asked for it on the phone';

/** Writes down money for a bill; answers its payment. */
async function pay(invoice_id: string, amount_cents: number, more: Record<string, unknown> = {}) {
  const { dana, done } = panes();
  const { payment } = await done(dana, 'invoice.record_payment', { invoice_id, amount_cents, ...more });
  return String(payment);
}
const bill = async (id: string) => (await panes().read(panes().dana, 'invoices', { id }))[0] ?? {};
const tasksOf = (invoice_id: string, status = 'open') =>
  panes().read(panes().olivia, 'tasks', { params: { invoice_id, status } });

describe('money that was given back', () => {
  test('of a paid bill, a part leaves it paid and is not asked for again; all of it makes it refunded', async () => {
    const { dana, done, read } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 66_200, { method: 'check', note: 'Check 1042' });
    const back = { payment_id, amount_cents: 5000, reason: 'goodwill', note: 'Two screens were scratched' };
    expect(await done(dana, 'payment.refund', back)).toMatchObject({
      reference: 'RFD-1',
      payment: payment_id,
      method: 'check',
      left_cents: 61_200,
      invoice: invoice_id,
      invoice_status: 'paid',
    });
    const [paid] = await read(dana, 'invoices', { id: invoice_id, include: ['balance', 'payments'] });
    expect(paid).toMatchObject({
      status: 'paid',
      paid_cents: 61_200,
      refunded_cents: 5000,
      balance: { due_cents: 0, is_overdue: false },
      payments: [{ reference: payment_id, amount_cents: 66_200, refunded_cents: 5000, method: 'check' }],
    });
    const rest = await done(dana, 'payment.refund', { payment_id, reason: 'not_done', method: 'cash' });
    expect(rest).toMatchObject({ amount_cents: 61_200, left_cents: 0, method: 'cash' });
    expect(await bill(invoice_id)).toMatchObject({
      status: 'refunded',
      paid_cents: 0,
      refunded_cents: 66_200,
    });
    const refunds = await read(dana, 'refunds', { params: { invoice_id } });
    expect(refunds.map(({ amount_cents }) => amount_cents).sort()).toEqual([5000, 61_200]);
  });

  test('of a bill that was partly paid leaves the rest open, and a new payment goes on from there', async () => {
    const { dana, done } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 60_000);
    await done(dana, 'payment.refund', { payment_id, amount_cents: 10_000, reason: 'other' });
    expect(await bill(invoice_id)).toMatchObject({ status: 'partial', paid_cents: 50_000 });
    await done(dana, 'payment.refund', { payment_id, reason: 'other' });
    expect(await bill(invoice_id)).toMatchObject({ status: 'refunded', paid_cents: 0 });
    await pay(invoice_id, 66_200);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('is never more than is left of the payment, nothing, or still to come', async () => {
    const { dana, act } = panes();
    const payment_id = await pay(await sent(panes()), 60_000);
    const refund = (more: Record<string, unknown>) =>
      act(dana, 'payment.refund', { payment_id, reason: 'other', ...more });
    expect(await refusal(refund({ amount_cents: 60_001 }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
      message: `Only $600.00 of ${payment_id} is left to give back.`,
      left_cents: 60_000,
    });
    for (const wrong of [0, -5, 1.5])
      expect(await refusal(refund({ amount_cents: wrong }))).toMatchObject({ field: 'amount_cents' });
    expect(await refusal(refund({ reason: 'because' }))).toMatchObject({ field: 'reason' });
    expect(await refusal(refund({ refunded_at: '2026-12-24' }))).toMatchObject({ field: 'refunded_at' });
    expect((await refund({ amount_cents: 60_000, refunded_at: '2026-11-17' })).data).toMatchObject({
      refunded_at: '2026-11-17T06:00:00.000Z',
    });
    expect(await refusal(refund({}))).toMatchObject({
      code: 'INVALID_STATE',
      message: `All of ${payment_id} was given back already.`,
    });
  });

  test('by two at once is given back once', async () => {
    const { dana, olivia, act } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 60_000);
    const refund = (who: typeof dana) =>
      act(who, 'payment.refund', { payment_id, amount_cents: 40_000, reason: 'duplicate' });
    const { won, refused } = await race([refund(dana), refund(olivia)]);
    expect([won.length, refused]).toEqual([1, ['VALIDATION_ERROR']]);
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 20_000, refunded_cents: 40_000 });
  });

  test('is for the owner to allow when an agent asks, up to an amount they choose', async () => {
    const { agent, olivia, act, done, read } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 60_000);
    const refund = (amount_cents: number) =>
      act(agent, 'payment.refund', { payment_id, amount_cents, reason: 'goodwill' }, { reasoning });
    const asked = await refund(1000);
    expect(asked.status).toBe('pending_authorization');
    expect(await bill(invoice_id)).toMatchObject({ refunded_cents: 0 });
    const [request] = await read(olivia, 'authorization_requests', {
      filter: 'pending',
      fields: ['reference', 'digest'],
    });
    await done(olivia, 'authorization.allow_always', {
      request: request?.reference,
      digest: request?.digest,
      limits: { amount_cents: 2000, amount_cents_per_day: 20_000 },
    });
    expect(await bill(invoice_id)).toMatchObject({ refunded_cents: 1000 });
    expect((await refund(2000)).status).toBe('done');
    expect((await refund(2001)).status).toBe('pending_authorization');
    // All that is left counts as what it comes to.
    const all = act(agent, 'payment.refund', { payment_id, reason: 'goodwill' }, { reasoning });
    expect((await all).status).toBe('pending_authorization');
  });

  test('is not taken back, and says why', async () => {
    const { dana, act } = panes();
    const payment_id = await pay(await sent(panes()), 60_000);
    const { undo } = await act(dana, 'payment.refund', { payment_id, amount_cents: 1, reason: 'other' });
    expect(undo).toMatch(/^none: money that was handed back is with the customer/);
  });

  test('keeps no card number in its note', async () => {
    const { dana, act, read } = panes();
    const payment_id = await pay(await sent(panes()), 60_000, { note: 'card 4242 4242 4242 4242' });
    const { data } = await act(dana, 'payment.refund', {
      payment_id,
      amount_cents: 1,
      reason: 'other',
      note: 'to 4242 4242 4242 4242',
    });
    expect(data.note).toBe('to [REDACTED CARD ..4242]');
    expect((await read(dana, 'payments', { id: payment_id }))[0]?.note).toBe('card [REDACTED CARD ..4242]');
  });
});

describe('what is to be given back', () => {
  test('is one task for the owner, made once, that says what is owed now and is done when it is given back', async () => {
    const { dana, done, bright } = panes();
    const invoice_id = await sent(panes());
    await pay(invoice_id, 66_200);
    expect(await tasksOf(invoice_id)).toEqual([]);
    const second = await pay(invoice_id, 1000);
    const [task] = await tasksOf(invoice_id);
    expect(task).toMatchObject({
      title: `Give $10.00 back for ${invoice_id} to Jane Smith`,
      assignee_id: bright.people.Olivia?.id,
      source: 'workflow',
    });
    const third = await pay(invoice_id, 500);
    expect(await tasksOf(invoice_id)).toMatchObject([
      { id: task?.id, title: `Give $15.00 back for ${invoice_id} to Jane Smith` },
    ]);
    await done(dana, 'payment.refund', { payment_id: second, reason: 'overpaid' });
    expect(await tasksOf(invoice_id)).toMatchObject([{ title: expect.stringContaining('$5.00') }]);
    await done(dana, 'payment.refund', { payment_id: third, reason: 'overpaid' });
    expect(await tasksOf(invoice_id)).toEqual([]);
    expect(await tasksOf(invoice_id, 'done')).toMatchObject([{ id: task?.id }]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('of a bill that is void is all that was paid on it, until it is on the new one', async () => {
    const { dana, done, read } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 66_200);
    await done(dana, 'invoice.void', { invoice_id, reason: 'Wrong price' });
    expect(await tasksOf(invoice_id)).toMatchObject([
      { title: expect.stringContaining('Give $662.00 back') },
    ]);
    const wanting = await read(dana, 'invoices', { filter: 'to_give_back', limit: 100 });
    expect(wanting.map(({ reference }) => reference)).toContain(invoice_id);
    const anew = await sent(panes());
    expect(await done(dana, 'payment.move', { payment_id, invoice_id: anew })).toMatchObject({
      from_invoice: invoice_id,
      to_invoice: anew,
      to_status: 'paid',
    });
    expect(await tasksOf(invoice_id)).toEqual([]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'void', paid_cents: 0 });
  });
});

describe('a payment on the wrong bill', () => {
  test('is given to the right one, a draft too, which is issued by it', async () => {
    const { dana, done } = panes();
    const [wrong, right] = [await sent(panes()), await draft(panes())];
    const payment_id = await pay(wrong, 66_200);
    await done(dana, 'payment.move', { payment_id, invoice_id: right });
    expect(await bill(wrong)).toMatchObject({ status: 'sent', paid_cents: 0, paid_at: null });
    expect(await bill(right)).toMatchObject({ status: 'paid', paid_cents: 66_200, issued_on: '2026-11-18' });
  });

  test('stays where it is when it is there already, partly given back, or the other one has ended', async () => {
    const { dana, act, done } = panes();
    const [wrong, ended, right] = [await sent(panes()), await sent(panes()), await sent(panes())];
    await done(dana, 'invoice.void', { invoice_id: ended, reason: 'Wrong price' });
    const payment_id = await pay(wrong, 5000);
    const move = (id: string, invoice_id: string) =>
      act(dana, 'payment.move', { payment_id: id, invoice_id });
    expect(await refusal(move(payment_id, wrong))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${payment_id} is on ${wrong} already.`,
    });
    expect(await refusal(move(payment_id, ended))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await refusal(move(payment_id, 'INV-2026-999'))).toMatchObject({ code: 'NOT_FOUND' });
    const other = await pay(wrong, 4000);
    await done(dana, 'payment.refund', { payment_id: other, amount_cents: 1, reason: 'other' });
    expect(await refusal(move(other, right))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await bill(wrong)).toMatchObject({ paid_cents: 8999 });
    expect((await move(payment_id, right)).status).toBe('done');
  });

  test('moved by two to two bills at once is on one of them, and by two ways at once nobody waits for ever', async () => {
    const { dana, olivia, act } = panes();
    const [a, b, c] = [await sent(panes()), await sent(panes()), await sent(panes())];
    const payment_id = await pay(a, 5000);
    const move = (who: typeof dana, id: string, invoice_id: string) =>
      act(who, 'payment.move', { payment_id: id, invoice_id });
    await race([move(dana, payment_id, b), move(olivia, payment_id, c)]);
    const sums = await Promise.all([a, b, c].map(async id => Number((await bill(id)).paid_cents)));
    expect(sums.reduce((sum, cents) => sum + cents, 0)).toBe(5000);
    const [there, back] = [await pay(a, 100), await pay(b, 200)];
    const before = await Promise.all([a, b].map(async id => Number((await bill(id)).paid_cents)));
    await Promise.all([move(dana, there, b), move(olivia, back, a)]);
    const after = await Promise.all([a, b].map(async id => Number((await bill(id)).paid_cents)));
    expect(after).toEqual([Number(before[0]) + 100, Number(before[1]) - 100]);
  });

  test('is moved by an agent only when the owner allows it', async () => {
    const { agent, act } = panes();
    const [wrong, right] = [await sent(panes()), await sent(panes())];
    const payment_id = await pay(wrong, 5000);
    const asked = await act(agent, 'payment.move', { payment_id, invoice_id: right }, { reasoning });
    expect(asked.status).toBe('pending_authorization');
    expect(await bill(wrong)).toMatchObject({ paid_cents: 5000 });
  });
});

describe('a payment that was written down by mistake', () => {
  test('is taken out, and the bill is open again; it can be restored', async () => {
    const { dana, done, act } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 66_200);
    await done(dana, 'payment.delete', { payment_id });
    expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0, paid_at: null });
    expect(await refusal(act(dana, 'payment.refund', { payment_id, reason: 'other' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await done(dana, 'payment.restore', { payment_id });
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  });

  test('goes by undo of the call, alone, whatever came since', async () => {
    const { dana, act, done } = panes();
    const invoice_id = await sent(panes());
    const wrong = await act(dana, 'invoice.record_payment', { invoice_id, amount_cents: 50_000 });
    await pay(invoice_id, 300);
    await done(dana, 'audit.undo', { of: wrong.undo });
    expect(await bill(invoice_id)).toMatchObject({ status: 'partial', paid_cents: 300 });
    const right = await act(dana, 'invoice.record_payment', { invoice_id, amount_cents: 70_000 });
    expect(await tasksOf(invoice_id)).toHaveLength(1);
    await done(dana, 'audit.undo', { of: right.undo });
    expect(await tasksOf(invoice_id)).toEqual([]);
    expect(await bill(invoice_id)).toMatchObject({ status: 'partial', paid_cents: 300 });
  });

  test('stays once a part of it was given back', async () => {
    const { dana, act, done } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 5000);
    await done(dana, 'payment.refund', { payment_id, amount_cents: 100, reason: 'other' });
    expect(await refusal(act(dana, 'payment.delete', { payment_id }))).toMatchObject({
      code: 'INVALID_STATE',
    });
    expect(await bill(invoice_id)).toMatchObject({ paid_cents: 4900 });
  });

  test('is taken out by an agent only when the owner allows it; its day and way a person corrects', async () => {
    const { agent, dana, act, done } = panes();
    const invoice_id = await sent(panes());
    const payment_id = await pay(invoice_id, 66_200);
    const asked = await act(agent, 'payment.delete', { payment_id }, { reasoning });
    expect(asked.status).toBe('pending_authorization');
    const right = { payment_id, method: 'cash', received_at: '2026-11-16T10:00' };
    expect(await done(dana, 'payment.update', right)).toMatchObject({ method: 'cash' });
    expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_at: '2026-11-16T16:00:00.000Z' });
    const ahead = act(dana, 'payment.update', { payment_id, received_at: '2027-01-01' });
    expect(await refusal(ahead)).toMatchObject({ field: 'received_at' });
    const more = act(dana, 'payment.update', { payment_id, amount_cents: 1 });
    expect(await refusal(more)).toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

test('what came by Stripe is changed there, and told twice it is one payment', async () => {
  const { dana, act, database } = panes();
  const invoice_id = await sent(panes());
  const payment_id = await pay(invoice_id, 5000);
  const other = await pay(invoice_id, 5000);
  const intend = (reference: string) =>
    database.owner.query(
      `with actor as (select set_config('app.actor', '{"kind": "system", "name": "test"}', true))
      update payments set provider = 'stripe', payment_intent_id = 'pi_1' from actor where reference = $1`,
      [reference],
    );
  await intend(payment_id);
  for (const action of ['payment.delete', 'payment.move', 'payment.update']) {
    const more = {
      'payment.move': { invoice_id },
      'payment.update': { note: 'x' },
    }[action];
    expect(await refusal(act(dana, action, { payment_id, ...more }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${payment_id} came by Stripe; it is changed there.`,
    });
  }
  // It goes back there, too, and nobody here can ask Stripe.
  const back = act(dana, 'payment.refund', { payment_id, reason: 'other' });
  expect(await refusal(back)).toMatchObject({
    code: 'INVALID_STATE',
    message: `${payment_id} came by Stripe, and there is no key of Stripe any more.`,
  });
  await expect(intend(other)).rejects.toThrow('payments_intent');
  expect((await act(dana, 'payment.delete', { payment_id: other })).status).toBe('done');
});

test('payments are listed by bill, customer, way, state and period, with their sums', async () => {
  const { dana, app, read } = panes();
  const invoice_id = await sent(panes());
  await pay(invoice_id, 1100, { method: 'cash', received_at: '2026-10-05' });
  await pay(invoice_id, 2200, { method: 'check', received_at: '2026-10-06' });
  const of = (params: Record<string, string>) => read(dana, 'payments', { params, limit: 100 });
  expect(await of({ invoice_id })).toHaveLength(2);
  expect(await of({ invoice_id, method: 'cash' })).toMatchObject([{ amount_cents: 1100 }]);
  expect(await of({ invoice_id, status: 'pending' })).toEqual([]);
  expect(await of({ contact_id: 'C-1001', from: '2026-10-06', to: '2026-10-06' })).toMatchObject([
    { amount_cents: 2200 },
  ]);
  const { totals } = await app.read(
    dana,
    'payments',
    { params: { from: '2026-10-05', to: '2026-10-06' }, totals: true },
    { request_id: 'totals' },
  );
  expect(totals).toMatchObject({
    count: 2,
    amount_cents: 3300,
    refunded_cents: 0,
    by_method: { cash: { amount_cents: 1100 }, check: { amount_cents: 2200 } },
    by_day: { '2026-10-05': { amount_cents: 1100 } },
  });
});

test('another business and technicians neither see payments nor give them back', async () => {
  const { clear, theo, dana, act, app, read } = panes();
  const invoice_id = await sent(panes());
  const payment_id = await pay(invoice_id, 5000);
  const calls = [
    ['payment.refund', { payment_id, reason: 'other' }],
    ['payment.move', { payment_id, invoice_id }],
    ['payment.delete', { payment_id }],
    ['payment.update', { payment_id, note: 'x' }],
  ] as const;
  for (const [action, data] of calls) {
    expect(await refusal(act(clear.owner, action, data))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(act(theo, action, data))).toMatchObject({ code: 'FORBIDDEN' });
  }
  expect(await read(clear.owner, 'payments')).toEqual([]);
  expect(await refusal(app.read(theo, 'payments', {}, { request_id: 'r' }))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await read(dana, 'payments', { id: payment_id })).toHaveLength(1);
});

test('who means a payment by the customer hears which list says its number', async () => {
  const { dana, act, read } = panes();
  const refused = await refusal(act(dana, 'payment.refund', { payment_id: 'Jane Smith', reason: 'other' }));
  expect(refused).toMatchObject({
    code: 'NOT_FOUND',
    hint: expect.stringMatching(/^Look it up in the list payments by .*contact_id.*, which take names/),
  });
  // And so it is.
  expect(await read(dana, 'payments', { params: { contact_id: 'Jane Smith' } })).not.toEqual([]);
});
