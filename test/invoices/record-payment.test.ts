import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { draft, mailsTo, sent } from './billing.ts';

const panes = useBrightPanes();

test('a bill of $662 is partly paid with $600, and paid with the rest', async () => {
  const { dana, done, setClock } = panes();
  const invoice_id = await sent(panes());
  const pay = (amount_cents: number) => done(dana, 'invoice.record_payment', { invoice_id, amount_cents });
  expect(await pay(60_000)).toMatchObject({
    status: 'partial',
    paid_cents: 60_000,
    due_cents: 6200,
    paid_at: null,
  });
  setClock('2026-11-19T08:00:00-06:00');
  expect(await pay(6200)).toMatchObject({
    status: 'paid',
    total_cents: 66_200,
    paid_cents: 66_200,
    due_cents: 0,
    paid_at: '2026-11-19T14:00:00.000Z',
    is_overdue: false,
  });
  setClock('2026-11-18T08:00:00-06:00');
});

test('the history tells each payment with what was said of it, and who wrote it down', async () => {
  const { dana, done, read } = panes();
  const invoice_id = await sent(panes());
  await done(dana, 'invoice.record_payment', { invoice_id, amount_cents: 100, note: 'Check 1042' });
  const [bill] = await read(dana, 'invoices', { id: invoice_id, include: ['audit_trail'] });
  const trail = Array.isArray(bill?.audit_trail) ? bill.audit_trail : [];
  const by = { domain_action: 'invoice.record_payment', actor_kind: 'user', actor_name: 'Dana' };
  expect(trail.slice(0, 3)).toMatchObject([
    { ...by, action: 'payment', changes: { left_cents: { new: 66_100 } } },
    {
      ...by,
      entity_type: 'invoice',
      action: 'update',
      changes: { status: { old: 'sent', new: 'partial' }, paid_cents: { old: 0, new: 100 } },
    },
    {
      ...by,
      entity_type: 'payment',
      action: 'create',
      changes: {
        amount_cents: { old: null, new: 100 },
        method: { new: 'check' },
        note: { old: null, new: 'Check 1042' },
      },
    },
  ]);
});

test('card numbers do not stay in what is said of a payment', async () => {
  const { dana, act, read } = panes();
  const invoice_id = await sent(panes());
  const note = 'card 4242 4242 4242 4242';
  const { warnings } = await act(dana, 'invoice.record_payment', { invoice_id, amount_cents: 100, note });
  expect(warnings).toEqual(['A card number was removed from "note": such numbers are not kept here.']);
  const [bill] = await read(dana, 'invoices', { id: invoice_id, include: ['audit_trail'] });
  expect(JSON.stringify(bill?.audit_trail)).toContain('card [REDACTED CARD ..4242]');
  expect(JSON.stringify(bill?.audit_trail)).not.toContain('4242 4242');
});

test('nobody pays nothing, nor a part of a cent, nor tomorrow', async () => {
  const { dana, act } = panes();
  const invoice_id = await sent(panes());
  const pay = (amount_cents: number, more = {}) =>
    act(dana, 'invoice.record_payment', { invoice_id, amount_cents, ...more });
  for (const wrong of [0, -100, 0.5]) {
    expect(await refusal(pay(wrong))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'amount_cents' });
  }
  expect(await refusal(pay(100, { received_at: '2026-11-20' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'received_at',
  });
  expect(await refusal(pay(100, { method: 'bitcoin' }))).toMatchObject({ field: 'method' });
  const { data, warnings } = await pay(66_200, { received_at: '2026-11-17', method: 'bank_transfer' });
  expect(data).toMatchObject({ status: 'paid', paid_at: '2026-11-17T06:00:00.000Z' });
  expect(warnings).toEqual([]);
});

test('cash at the door is billed without asking for it again, and the mail with the bill says thanks', async () => {
  const { dana, done } = panes();
  const invoice_id = await draft(panes());
  const before = await mailsTo(panes(), 'jane.smith@example.com');
  const pay = (amount_cents: number) =>
    done(dana, 'invoice.record_payment', { invoice_id, amount_cents, note: 'Cash at the door' });
  expect(await pay(60_000)).toMatchObject({ status: 'partial', issued_on: '2026-11-18', sent_at: null });
  expect(await pay(6200)).toMatchObject({ status: 'paid', issued_on: '2026-11-18', sent_at: null });
  expect(await mailsTo(panes(), 'jane.smith@example.com')).toEqual(before);
  expect(await done(dana, 'invoice.send', { invoice_id })).toMatchObject({ status: 'paid' });
  const mails = await mailsTo(panes(), 'jane.smith@example.com');
  expect(mails).toHaveLength(before.length + 1);
  const told = JSON.stringify(mails.filter(mail => JSON.stringify(mail).includes(invoice_id)));
  expect(told).toContain('Paid, with thanks: $662.00');
  expect(told).not.toContain('Amount due');
});

test('a receipt goes out once all is paid, where that is wished, and none before', async () => {
  const { dana, done } = panes();
  const invoice_id = await sent(panes());
  const before = await mailsTo(panes(), 'jane.smith@example.com');
  const pay = (amount_cents: number) =>
    done(dana, 'invoice.record_payment', { invoice_id, amount_cents, notify_customer: true });
  expect(await pay(60_000)).not.toHaveProperty('customer_told');
  expect(await mailsTo(panes(), 'jane.smith@example.com')).toEqual(before);
  expect(await pay(6200)).toMatchObject({ customer_told: 'mailed to «jane.smith@example.com»' });
  const mails = await mailsTo(panes(), 'jane.smith@example.com');
  expect(mails).toHaveLength(before.length + 1);
  expect(JSON.stringify(mails)).toContain('Thank you for your payment of $662.00');
});

test('money that came is kept although nothing is due, and whoever writes it down is told', async () => {
  const { dana, act, done } = panes();
  const invoice_id = await sent(panes());
  const pay = (id: string, amount_cents: number) =>
    act(dana, 'invoice.record_payment', { invoice_id: id, amount_cents });
  const over = await pay(invoice_id, 66_201);
  expect(over.data).toMatchObject({ status: 'paid', paid_cents: 66_201, due_cents: 0, owed_back_cents: 1 });
  expect(over.warnings).toEqual([
    expect.stringContaining(`only $662.00 was still due on ${invoice_id}: $0.01 is to be given back`),
  ]);
  expect((await pay(invoice_id, 66_200)).data).toMatchObject({ status: 'paid', owed_back_cents: 66_201 });
  await done(dana, 'invoice.void', { invoice_id, reason: 'Paid back' });
  expect((await pay(invoice_id, 100)).data).toMatchObject({ status: 'void', owed_back_cents: 132_501 });
  const other = await sent(panes());
  await done(dana, 'invoice.cancel', { invoice_id: other, reason: 'Sent by mistake' });
  const late = await pay(other, 1);
  expect(late.data).toMatchObject({ status: 'cancelled', paid_cents: 1, due_cents: 0, owed_back_cents: 1 });
  expect(late.warnings).toEqual([expect.stringContaining(`${other} is cancelled`)]);
  // What is asked for is taken without a word.
  expect((await pay(await sent(panes()), 66_200)).warnings).toEqual([]);
});

test('of payments at once none is lost, by whomever they are written down', async () => {
  const { dana, olivia, act, read } = panes();
  const invoice_id = await sent(panes());
  const pay = (who: typeof dana, amount_cents: number) =>
    act(who, 'invoice.record_payment', { invoice_id, amount_cents });
  await Promise.all([pay(dana, 100), pay(olivia, 200), pay(dana, 300), pay(olivia, 400)]);
  expect(await read(dana, 'invoices', { id: invoice_id })).toMatchObject([{ paid_cents: 1000 }]);
  const { won } = await race([pay(dana, 65_200), pay(olivia, 65_200)]);
  expect(won).toHaveLength(2);
  expect(await read(dana, 'invoices', { id: invoice_id })).toMatchObject([
    { status: 'paid', paid_cents: 131_400 },
  ]);
  expect(await read(dana, 'tasks', { params: { invoice_id, status: 'open' } })).toMatchObject([
    { title: expect.stringContaining('Give $652.00 back') },
  ]);
});

test('the same payment sent twice by a shaky connection is one payment', async () => {
  const { dana, act } = panes();
  const invoice_id = await sent(panes());
  const pay = () =>
    act(dana, 'invoice.record_payment', { invoice_id, amount_cents: 500 }, { idempotency_key: 'cash-500' });
  expect((await pay()).data).toMatchObject({ paid_cents: 500 });
  expect(await pay()).toMatchObject({ replayed: true, data: { paid_cents: 500 } });
});

test('an agent asks the owner before it writes down money, and the owner may allow small amounts', async () => {
  const { agent, olivia, act, done, read } = panes();
  const invoice_id = await sent(panes());
  const reasoning = 'Jane says on the phone that she put the cash in the letter box';
  const pay = (amount_cents: number) =>
    act(agent, 'invoice.record_payment', { invoice_id, amount_cents }, { reasoning });
  const ask = async (amount_cents: number) => {
    expect((await pay(amount_cents)).status).toBe('pending_authorization');
    const [request] = await read(olivia, 'authorization_requests', {
      filter: 'pending',
      fields: ['reference', 'digest'],
    });
    return { request: request?.reference, digest: request?.digest };
  };
  const paid = async () => (await read(olivia, 'invoices', { id: invoice_id }))[0]?.paid_cents;
  const asked = await ask(5000);
  expect(await paid()).toBe(0);
  await done(olivia, 'authorization.allow_once', asked);
  expect(await paid()).toBe(5000);
  const again = await ask(5001);
  await done(olivia, 'authorization.allow_always', { ...again, limits: { amount_cents: 10_000 } });
  expect((await pay(10_000)).status).toBe('done');
  expect((await pay(10_001)).status).toBe('pending_authorization');
  expect(await paid()).toBe(5000 + 5001 + 10_000);
});

test('nobody writes payments on bills of another business, and technicians write none', async () => {
  const { clear, theo, dana, act } = panes();
  const invoice_id = await sent(panes());
  const pay = (who: typeof dana) => act(who, 'invoice.record_payment', { invoice_id, amount_cents: 100 });
  expect(await refusal(pay(clear.owner))).toMatchObject({ code: 'NOT_FOUND', field: 'invoice_id' });
  expect(await refusal(pay(theo))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await pay(dana)).status).toBe('done');
});
