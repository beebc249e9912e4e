import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { sent } from './billing.ts';

// Whatever is wrong with money is refused with what to do about it, and nothing is changed by it.

const panes = useBrightPanes();
const line = { description: 'Ladder rental', unit_price_cents: 12_000 };
let paid = '';
let open = '';
let other = '';

beforeAll(async () => {
  const { done, dana, olivia } = panes();
  open = await sent(panes());
  const bill = async () =>
    String((await done(dana, 'invoice.create', { contact_id: 'C-1001', lines: [line] })).reference);
  paid = await bill();
  other = await bill();
  await done(dana, 'invoice.finalize', { invoice_id: paid });
  await done(olivia, 'invoice.record_payment', { invoice_id: paid, amount_cents: 12_000 });
});

/** All that could have changed. */
async function everything() {
  const { read, olivia } = panes();
  const all = (type: string) => read(olivia, type, { limit: 100 });
  return {
    invoices: await all('invoices'),
    payments: await all('payments'),
    refunds: await all('refunds'),
    outbox: await all('outbox'),
  };
}

async function refused(action: string, data: Record<string, unknown>) {
  const before = await everything();
  const why = await refusal(panes().act(panes().olivia, action, data));
  expect(await everything()).toEqual(before);
  return why;
}

const create = (more: Record<string, unknown>, rest: Record<string, unknown> = {}) =>
  refused('invoice.create', { contact_id: 'C-1001', lines: [{ ...line, ...more }], ...rest });

describe('a bill is refused', () => {
  test.each([
    ['a negative quantity', { quantity: -1 }, 'lines.0.quantity', /at least 0\.001/],
    ['a quantity of zero', { quantity: 0 }, 'lines.0.quantity', /at least 0\.001/],
    ['four decimals of a quantity', { quantity: 1.0001 }, 'lines.0.quantity', /at most three decimal places/],
    ['a negative price', { unit_price_cents: -1 }, 'lines.0.unit_price_cents', /at least 0/],
    ['a tax over 100 %', { tax_rate: 100.5 }, 'lines.0.tax_rate', /at most 100/],
    ['a negative tax', { tax_rate: -1 }, 'lines.0.tax_rate', /at least 0/],
    [
      'an amount of twelve digits',
      { unit_price_cents: 123_456_789_012 },
      'lines.0.unit_price_cents',
      /at most 1000000000/,
    ],
    ['words for an amount', { unit_price_cents: 'much' }, 'lines.0.unit_price_cents', /number/],
  ])('with %s', async (_, more, field, message) => {
    expect(await create(more)).toMatchObject({
      code: 'VALIDATION_ERROR',
      field,
      message: expect.stringMatching(message),
    });
  });

  test('that comes to more than one bill can ask for, although no line does', async () => {
    expect(await create({ quantity: 100_000, unit_price_cents: 900_000_000 })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'lines',
      message: '$900,000,000,000.00 is more than one invoice can ask for.',
      hint: 'At most $10,000,000.00; check quantities and prices, or make several.',
    });
  });

  test('with a discount above its total, also one that is made smaller under its discount', async () => {
    const { done, dana } = panes();
    expect(await create({}, { discount_cents: 12_001 })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'discount_cents',
      message: 'A discount of $120.01 is more than the $120.00 it is taken off.',
      hint: 'Lower discount_cents first; 0 takes it away.',
    });
    await done(dana, 'invoice.update', { invoice_id: other, discount_cents: 12_000 });
    const smaller = { invoice_id: other, unit_price_cents: 11_999 };
    expect(await refused('invoice.update_line', smaller)).toMatchObject({ field: 'discount_cents' });
    await done(dana, 'invoice.update', { invoice_id: other, discount_cents: 0 });
  });

  test('in another currency than the business counts in: nobody says one, and a payment never crosses', async () => {
    expect(await create({}, { currency: 'EUR' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'currency',
    });
    const { database, bright } = panes();
    const inEuro = async (currency: string) => {
      const client = await database.owner.connect();
      await client.query(`select set_config('app.actor', '{"kind": "system", "name": "test"}', false)`);
      await client.query('update invoices set currency = $1 where reference = $2 and organization_id = $3', [
        currency,
        other,
        bright.id,
      ]);
      client.release();
    };
    await inEuro('EUR');
    expect(await refused('payment.move', { payment_id: 'PAY-1', invoice_id: other })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'invoice_id',
      message: `PAY-1 is in USD, ${other} in EUR.`,
    });
    await inEuro('USD');
  });

  test('without a line, or without a word what for', async () => {
    expect(await refused('invoice.create', { contact_id: 'C-1001', lines: [] })).toMatchObject({
      field: 'lines',
    });
    expect(await create({ description: '' })).toMatchObject({ field: 'lines.0.description' });
  });
});

describe('an end is refused', () => {
  test('twice: what is void is void, and says what to do instead', async () => {
    const { done, dana } = panes();
    const { reference } = await done(dana, 'invoice.create', { contact_id: 'C-1001', lines: [line] });
    await done(dana, 'invoice.finalize', { invoice_id: reference });
    await done(dana, 'invoice.void', { invoice_id: reference, reason: 'Wrong customer' });
    for (const action of ['invoice.void', 'invoice.cancel'])
      expect(await refused(action, { invoice_id: reference, reason: 'Again' })).toMatchObject({
        code: 'INVALID_STATE',
        message: `${String(reference)} is void already, which is final.`,
        hint: expect.stringContaining('invoice.create_from_ticket'),
      });
    expect(await refused('invoice.send', { invoice_id: reference })).toMatchObject({ code: 'INVALID_STATE' });
  });
});

describe('money', () => {
  test('that came twice is kept, said to be too much, and becomes a task: it has moved', async () => {
    const { act, olivia, read } = panes();
    const again = await act(olivia, 'invoice.record_payment', { invoice_id: paid, amount_cents: 12_000 });
    expect(again.warnings).toMatchObject([expect.stringContaining('only $0.00 was still due')]);
    expect(await read(olivia, 'tasks', { params: { invoice_id: paid } })).toMatchObject([
      { title: `Give $120.00 back for ${paid} to Jane Smith`, status: 'open' },
    ]);
  });

  test.each([
    ['nothing', 0, /at least 1/],
    ['less than nothing', -500, /at least 1/],
    ['twelve digits', 123_456_789_012, /at most 1000000000/],
  ])('that comes to %s is no payment', async (_, amount_cents, message) => {
    expect(await refused('invoice.record_payment', { invoice_id: open, amount_cents })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
      message: expect.stringMatching(message),
    });
  });

  test('that is to come is no payment yet', async () => {
    const input = { invoice_id: open, amount_cents: 100, received_at: '2027-01-01' };
    expect(await refused('invoice.record_payment', input)).toMatchObject({ field: 'received_at' });
  });

  test('is never given back beyond what came', async () => {
    const { done, olivia } = panes();
    const give = (amount_cents?: number) => ({
      payment_id: 'PAY-1',
      reason: 'goodwill',
      ...(amount_cents === undefined ? {} : { amount_cents }),
    });
    expect(await refused('payment.refund', give(12_001))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
      message: 'Only $120.00 of PAY-1 is left to give back.',
      hint: 'Give back at most 12000.',
    });
    expect(await refused('payment.refund', give(0))).toMatchObject({ code: 'VALIDATION_ERROR' });
    await done(olivia, 'payment.refund', give(5_000));
    expect(await refused('payment.refund', give(7_001))).toMatchObject({
      message: 'Only $70.00 of PAY-1 is left to give back.',
    });
    await done(olivia, 'payment.refund', give());
    expect(await refused('payment.refund', give(1))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'All of PAY-1 was given back already.',
    });
  });
});

test('the words of other programs are understood: items, dueDate, taxRate, unitPrice, billTo (INV-14)', async () => {
  const { done, dana } = panes();
  await done(dana, 'company.create', { name: 'Bright Offices' });
  const { reference } = await done(dana, 'invoice.create', {
    customer: 'Jane Smith',
    billTo: 'Bright Offices',
    items: [{ description: 'Windows', quantity: '2', unitPrice: '60.00', taxRate: '10' }],
    dueDate: '2026-12-01',
  });
  expect(await panes().read(dana, 'invoices', { id: String(reference), include: ['company'] })).toMatchObject(
    [{ total_cents: 13_200, tax_cents: 1_200, due_on: '2026-12-01', company: { name: 'Bright Offices' } }],
  );
});
