import { describe, expect, test } from 'vitest';
import { mailsTo } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// What a customer owes and why: every bill, payment and refund in order, exact to the cent.

const panes = useBrightPanes();
const reasoning = 'She asked what is still open';

let customers = 0;
async function customer(more: Record<string, unknown> = {}) {
  const number = ++customers;
  const email = `account${number}@example.com`;
  const made = await panes().done(panes().dana, 'contact.create', {
    full_name: `Acker Account${number}`,
    email,
    ...more,
  });
  return {
    contact_id: String(made.id),
    reference: String(made.reference),
    name: String(made.full_name),
    email,
  };
}

const at = (day: string) => panes().setClock(`${day}T10:00:00-06:00`);

/** A bill that went out on a day and is due 30 days after it; answers its reference. */
async function bill(contact_id: string, day: string, cents: number) {
  at(day);
  const { done, dana } = panes();
  const lines = [{ description: 'Windows', unit_price_cents: cents }];
  const { reference } = await done(dana, 'invoice.create', { contact_id, lines });
  await done(dana, 'invoice.finalize', { invoice_id: reference });
  return String(reference);
}

async function paid(invoice_id: string, day: string, amount_cents: number, note = 'Check 7') {
  at(day);
  const data = { invoice_id, amount_cents, note };
  return String((await panes().done(panes().olivia, 'invoice.record_payment', data)).payment);
}

const back = (payment_id: string, amount_cents: number) =>
  panes().done(panes().olivia, 'payment.refund', { payment_id, amount_cents, reason: 'goodwill' });

async function statement(contact_id: string, more: Record<string, unknown> = {}) {
  const rows = await panes().read(panes().dana, 'statement', { params: { contact_id, ...more } });
  expect(rows).toHaveLength(1);
  return rows[0] ?? {};
}

describe('the statement of a customer', () => {
  test('tells every bill, payment and refund in order, and what is owed after each', async () => {
    const { contact_id, reference, name } = await customer();
    const first = await bill(contact_id, '2026-08-03', 10_000);
    const check = await paid(first, '2026-08-20', 10_000);
    await back(check, 2_500);
    const second = await bill(contact_id, '2026-09-01', 5_033);
    await paid(second, '2026-10-02', 1_033, 'in cash');
    const third = await bill(contact_id, '2026-11-10', 777);
    at('2026-11-18');
    const { entries, ...sums } = await statement(contact_id);
    expect(entries).toMatchObject([
      { on: '2026-08-03', kind: 'bill', reference: first, amount_cents: 10_000, balance_cents: 10_000 },
      { on: '2026-08-20', kind: 'payment', method: 'check', amount_cents: -10_000, balance_cents: 0 },
      { on: '2026-08-20', kind: 'refund', invoice: first, amount_cents: 2_500, balance_cents: 2_500 },
      // What is given back of a paid bill is not asked for again.
      { on: '2026-08-20', kind: 'credit', invoice: first, amount_cents: -2_500, balance_cents: 0 },
      { on: '2026-09-01', kind: 'bill', reference: second, due_on: '2026-10-01', balance_cents: 5_033 },
      { on: '2026-10-02', kind: 'payment', method: 'cash', amount_cents: -1_033, balance_cents: 4_000 },
      { on: '2026-11-10', kind: 'bill', reference: third, amount_cents: 777, balance_cents: 4_777 },
    ]);
    expect(sums).toEqual({
      contact: reference,
      company: null,
      customer: name,
      currency: 'USD',
      from: '2025-11-18',
      to: '2026-11-18',
      opening_cents: 0,
      closing_cents: 4_777,
      open_cents: 4_777,
      credit_cents: 0,
      overdue_cents: 4_000,
      open_since: '2026-09-01',
      aging: {
        not_due_cents: 777,
        days_1_to_30_cents: 0,
        days_31_to_60_cents: 4_000,
        days_61_to_90_cents: 0,
        over_90_days_cents: 0,
      },
      on_its_way_cents: 0,
    });
  });

  test('begins with what was owed before, and can be asked for any days', async () => {
    const { contact_id } = await customer();
    const old = await bill(contact_id, '2026-08-03', 10_000);
    await paid(old, '2026-09-10', 4_000);
    at('2026-11-18');
    const later = await statement(contact_id, { from: '2026-09-01', to: '2026-09-30' });
    expect(later).toMatchObject({
      opening_cents: 10_000,
      closing_cents: 6_000,
      entries: [{ kind: 'payment' }],
    });
    const before = await statement(contact_id, { from: '2026-08-01', to: '2026-08-31' });
    expect(before).toMatchObject({ opening_cents: 0, closing_cents: 10_000, overdue_cents: 0 });
    const params = { contact_id, from: '2026-09-02', to: '2026-09-01' };
    expect(await refusal(panes().read(panes().dana, 'statement', { params }))).toMatchObject({
      field: 'from',
    });
  });

  test('a void bill is not counted, and what was paid on it is to the good of the customer', async () => {
    const { contact_id } = await customer();
    const wrong = await bill(contact_id, '2026-10-01', 9_000);
    await paid(wrong, '2026-10-05', 9_000);
    await panes().done(panes().olivia, 'invoice.void', { invoice_id: wrong, reason: 'Wrong house' });
    await bill(contact_id, '2026-10-06', 2_000);
    at('2026-11-18');
    expect(await statement(contact_id)).toMatchObject({
      closing_cents: -7_000,
      open_cents: 2_000,
      credit_cents: 9_000,
      entries: [{ kind: 'payment' }, { kind: 'bill' }],
    });
  });

  test('different money is never added up', async () => {
    const { contact_id } = await customer();
    await bill(contact_id, '2026-10-01', 9_000);
    const { bright, read, dana } = panes();
    const deal = (currency: string) =>
      asTableOwner(panes(), 'update organizations set currency = $2 where id = $1', [bright.id, currency]);
    await deal('EUR');
    await bill(contact_id, '2026-10-02', 500);
    const rows = await read(dana, 'statement', { params: { contact_id } });
    expect(rows.map(({ currency, closing_cents }) => [currency, closing_cents])).toEqual([
      ['EUR', 500],
      ['USD', 9_000],
    ]);
    expect(await statement(contact_id, { currency: 'USD' })).toMatchObject({ closing_cents: 9_000 });
    await deal('USD');
  });

  test('somebody without any bill has an empty one', async () => {
    const { contact_id } = await customer();
    expect(await statement(contact_id)).toMatchObject({ entries: [], closing_cents: 0, open_since: null });
  });

  test('nobody reads those of another business, and technicians read none', async () => {
    const { contact_id } = await customer();
    await bill(contact_id, '2026-10-01', 9_000);
    const { read, clear, theo, dana } = panes();
    const ask = (who: typeof dana) => read(who, 'statement', { params: { contact_id } });
    expect(await refusal(ask(clear.owner))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(ask(theo))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask(dana)).toMatchObject([{ closing_cents: 9_000 }]);
  });
});

describe('sending it', () => {
  test('the mail says what is to be paid, and brings the paper', async () => {
    const { contact_id, email, name } = await customer();
    await bill(contact_id, '2026-10-01', 9_000);
    at('2026-11-18');
    const { done, agent } = panes();
    expect(await done(agent, 'statement.send', { contact_id }, { reasoning })).toEqual({
      customer: name,
      from: '2025-11-18',
      to: '2026-11-18',
      balance: '$90.00',
      told: `mailed to «${email}»`,
      message: expect.stringMatching(/^M-/),
    });
    const [mail] = await mailsTo(panes(), email);
    expect(mail).toMatchObject({
      subject: 'Your statement from Bright Panes Window Cleaning',
      text: expect.stringContaining('Balance: $90.00 to be paid\nOf that overdue: $90.00'),
      account: { due: { label: 'To be paid', value: '$90.00' }, dated: '2026-11-18' },
    });
  });

  test('asked for twice it goes out once, two at once as well; a preview sends nothing', async () => {
    const { contact_id, email } = await customer();
    const { act, dana } = panes();
    at('2026-11-18');
    const preview = await act(dana, 'statement.send', { contact_id }, { preview: true });
    expect(preview.data.would_send).toMatchObject([{ payload: { to: email, account: { lines: [] } } }]);
    expect(await mailsTo(panes(), email)).toHaveLength(0);
    await act(dana, 'statement.send', { contact_id });
    await act(dana, 'statement.send', { contact_id });
    expect(await mailsTo(panes(), email)).toHaveLength(1);
  });

  test('without an address it says what to do, an agent says why, and others send none', async () => {
    const { contact_id } = await customer({ email: undefined });
    const { act, dana, agent, theo, clear } = panes();
    expect(await refusal(act(dana, 'statement.send', { contact_id }))).toMatchObject({ field: 'email' });
    const known = await customer();
    const send = (who: typeof dana) => act(who, 'statement.send', { contact_id: known.contact_id });
    expect(await refusal(send(agent))).toMatchObject({ code: 'REASONING_REQUIRED' });
    expect(await refusal(send(theo))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(send(clear.owner))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await send(dana)).status).toBe('done');
  });

  test('an agent asks before it goes to an address that is not the customer’s', async () => {
    const { contact_id } = await customer();
    const { act, agent } = panes();
    const data = { contact_id, email: 'somebody@example.net' };
    expect(await act(agent, 'statement.send', data, { reasoning })).toMatchObject({
      status: 'pending_authorization',
    });
  });
});
