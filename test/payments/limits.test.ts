import { beforeEach, describe, expect, test } from 'vitest';
import { askFor, findRequest } from '../authorization-queue/asking.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// How far an agent may go with money: up to an amount each time, and a sum a day.

const panes = useBrightPanes();
const reasoning = 'The customer asked us to do so';
const waiting = 'pending_authorization';

beforeEach(async () => {
  for (const table of ['grant_uses', 'permission_overrides', 'authorization_requests'])
    await asTableOwner(panes(), `delete from ${table}`);
});

async function bill(cents = 100_000) {
  const { done, dana } = panes();
  const lines = [{ description: 'Windows', unit_price_cents: cents }];
  const { reference } = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(dana, 'invoice.finalize', { invoice_id: reference });
  return String(reference);
}

async function payment(amount_cents: number) {
  const data = { invoice_id: await bill(), amount_cents };
  return String((await panes().done(panes().olivia, 'invoice.record_payment', data)).payment);
}

const act = async (action: string, data: Record<string, unknown>) =>
  (await panes().act(panes().agent, action, data, { reasoning })).status;
const giveBack = (payment_id: string, amount_cents: number) =>
  act('payment.refund', { payment_id, amount_cents, reason: 'goodwill' });
const always = async (action: string, data: Record<string, unknown>, limits: Record<string, unknown>) => {
  const asked = await askFor(panes(), panes().bright, action, data);
  return panes().act(panes().olivia, 'authorization.allow_always', { ...asked, limits });
};

test('up to $500 each and $2,000 a day an agent writes down what was paid, and beyond that it asks', async () => {
  const record = async (amount_cents: number) =>
    act('invoice.record_payment', { invoice_id: await bill(), amount_cents });
  expect(await record(100)).toBe(waiting);
  const first = { invoice_id: await bill(), amount_cents: 100 };
  await always('invoice.record_payment', first, { amount_cents: 50_000, amount_cents_per_day: 200_000 });
  expect(await record(50_001)).toBe(waiting);
  for (let n = 0; n < 4; n += 1) expect(await record(50_000)).toBe('done');
  expect(await record(1)).toBe(waiting);
});

test('bills up to an amount go out alone where the owner wants to see the others', async () => {
  const { done, olivia } = panes();
  await done(olivia, 'authorization.set_level', { action: 'invoice.send', level: 'requires_authorization' });
  const send = async (cents: number) => act('send_invoice', { invoice_id: await bill(cents) });
  expect(await send(100)).toBe(waiting);
  await always('send_invoice', { invoice_id: await bill(100) }, { amount_cents: 50_000 });
  expect(await send(50_000)).toBe('done');
  expect(await send(50_001)).toBe(waiting);
});

describe('money that is given back', () => {
  test('is never allowed always without a sum a day, and then nothing is done', async () => {
    const payment_id = await payment(9_000);
    const data = { payment_id, amount_cents: 1_000, reason: 'goodwill' };
    const asked = await askFor(panes(), panes().bright, 'payment.refund', data);
    const allow = (limits: Record<string, unknown>) =>
      panes().act(panes().olivia, 'authorization.allow_always', { ...asked, limits });
    for (const limits of [{}, { amount_cents: 1_000 }, { per_day: 1 }])
      expect(await refusal(allow(limits))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'amount_cents_per_day',
      });
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'pending' });
    const read = () => panes().read(panes().olivia, 'refunds', { params: { payment_id } });
    expect(await read()).toEqual([]);
    expect((await allow({ amount_cents_per_day: 5_000 })).status).toBe('done');
    expect(await read()).toHaveLength(1);
  });

  test('goes up to the sum of the day, and not a cent further; the next day anew', async () => {
    const payment_id = await payment(90_000);
    const { setClock } = panes();
    const data = { payment_id, amount_cents: 100, reason: 'goodwill' };
    await always('payment.refund', data, { amount_cents: 3_000, amount_cents_per_day: 5_000 });
    expect(await giveBack(payment_id, 3_001)).toBe(waiting);
    expect(await giveBack(payment_id, 3_000)).toBe('done');
    expect(await giveBack(payment_id, 2_001)).toBe(waiting);
    expect(await giveBack(payment_id, 2_000)).toBe('done');
    expect(await giveBack(payment_id, 1)).toBe(waiting);
    setClock('2026-11-19T08:00:00-06:00');
    expect(await giveBack(payment_id, 3_000)).toBe('done');
    setClock('2026-11-18T08:00:00-06:00');
  });

  test('of two at once that together are too much, one waits', async () => {
    const [one, other, first] = [await payment(9_000), await payment(9_000), await payment(9_000)];
    const data = { payment_id: first, amount_cents: 100, reason: 'goodwill' };
    await always('payment.refund', data, { amount_cents_per_day: 5_000 });
    const ends = await Promise.all([giveBack(one, 3_000), giveBack(other, 3_000)]);
    expect(ends.sort()).toEqual(['done', waiting]);
    // Each of them alone would have been fine.
    expect(await giveBack(one, 2_000)).toBe('done');
  });

  test('cannot be made free by a level, only stricter; one that was stored before counts no more', async () => {
    const { olivia, act: call, done } = panes();
    const set = (level: string) =>
      call(olivia, 'authorization.set_level', { action: 'payment.refund', level });
    for (const level of ['unrestricted', 'soft_limit'])
      expect(await refusal(set(level))).toMatchObject({
        code: 'INVALID_STATE',
        field: 'level',
        valid_options: ['requires_authorization', 'forbidden'],
      });
    await done(olivia, 'authorization.set_level', {
      action: 'payment.refund',
      level: 'requires_authorization',
    });
    await asTableOwner(panes(), `update permission_overrides set level = 'unrestricted'`);
    const payment_id = await payment(9_000);
    expect(await giveBack(payment_id, 100)).toBe(waiting);
    expect((await set('forbidden')).status).toBe('done');
    expect(await refusal(giveBack(payment_id, 100))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('a grant that was stored without a sum covers nothing', async () => {
    const payment_id = await payment(9_000);
    const data = { payment_id, amount_cents: 100, reason: 'goodwill' };
    await always('payment.refund', data, { amount_cents_per_day: 5_000 });
    expect(await giveBack(payment_id, 100)).toBe('done');
    await asTableOwner(panes(), `update permission_overrides set limits = '{}'`);
    expect(await giveBack(payment_id, 100)).toBe(waiting);
  });

  test('money other than that of the business is covered by no amount', async () => {
    const payment_id = await payment(9_000);
    const data = { payment_id, amount_cents: 100, reason: 'goodwill' };
    await always('payment.refund', data, { amount_cents_per_day: 5_000 });
    await asTableOwner(panes(), `update organizations set currency = 'JPY'`);
    expect(await giveBack(payment_id, 100)).toBe(waiting);
    await asTableOwner(panes(), `update organizations set currency = 'USD'`);
    expect(await giveBack(payment_id, 100)).toBe('done');
  });
});
