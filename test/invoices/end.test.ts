import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { draft, sent } from './billing.ts';

const panes = useBrightPanes();
const text = expect.any(String);
const reasoning = 'The owner said on the phone that this bill is wrong';

/** A bill on which $100 were paid. */
async function partlyPaid(): Promise<string> {
  const invoice_id = await sent(panes());
  await panes().done(panes().dana, 'invoice.record_payment', { invoice_id, amount_cents: 10_000 });
  return invoice_id;
}

describe('cancelling a bill', () => {
  test('ends a draft and a sent one while nothing is paid, with the reason; agents say why', async () => {
    const { agent, act, done, setClock } = panes();
    const invoice_id = await draft(panes());
    const cancel = { invoice_id, reason: 'Wrong customer' };
    expect(await refusal(act(agent, 'invoice.cancel', cancel))).toMatchObject({ code: 'REASONING_REQUIRED' });
    setClock('2026-11-19T08:00:00-06:00');
    expect(await done(agent, 'invoice.cancel', cancel, { reasoning })).toMatchObject({
      reference: invoice_id,
      status: 'cancelled',
      ended_at: '2026-11-19T14:00:00.000Z',
      end_reason: 'Wrong customer',
      due_cents: 0,
    });
    setClock('2026-11-18T08:00:00-06:00');
    const out = await sent(panes());
    expect(
      await done(agent, 'invoice.cancel', { invoice_id: out, reason: 'Wrong day' }, { reasoning }),
    ).toMatchObject({ status: 'cancelled', sent_at: text });
  });

  test('is refused once something was paid, and a second time', async () => {
    const { dana, act, done } = panes();
    const invoice_id = await partlyPaid();
    const cancel = (id: string) => act(dana, 'invoice.cancel', { invoice_id: id, reason: 'Wrong day' });
    expect(await refusal(cancel(invoice_id))).toEqual({
      code: 'INVALID_STATE',
      message: `$100.00 was paid on ${invoice_id}.`,
      hint: 'Void it with invoice.void instead.',
    });
    const other = await draft(panes());
    await cancel(other);
    expect(await refusal(cancel(other))).toEqual({
      code: 'INVALID_STATE',
      message: `${other} is cancelled already, which is final.`,
      hint: 'Bill the visit again with invoice.create_from_ticket if it is still owed.',
    });
    expect(await refusal(act(dana, 'invoice.void', { invoice_id: other, reason: 'x' }))).toMatchObject({
      message: `${other} is cancelled already, which is final.`,
    });
    await done(dana, 'invoice.void', { invoice_id, reason: 'Paid back in cash' });
  });

  test('and a payment at once: the money is kept either way, and the bill is cancelled only before it', async () => {
    const { dana, olivia, act, read } = panes();
    const invoice_id = await sent(panes());
    const { refused } = await race([
      act(dana, 'invoice.cancel', { invoice_id, reason: 'Wrong day' }),
      act(olivia, 'invoice.record_payment', { invoice_id, amount_cents: 66_200 }),
    ]);
    const [bill] = await read(dana, 'invoices', { id: invoice_id });
    expect(bill?.paid_cents).toBe(66_200);
    expect([bill?.status, refused]).toEqual(
      bill?.status === 'paid' ? ['paid', ['INVALID_STATE']] : ['cancelled', []],
    );
  });
});

describe('voiding a bill', () => {
  test('ends one that was sent, with the reason', async () => {
    const { agent, done } = panes();
    const invoice_id = await sent(panes());
    expect(
      await done(agent, 'invoice.void', { invoice_id, reason: 'Wrong price' }, { reasoning }),
    ).toMatchObject({ status: 'void', end_reason: 'Wrong price', ended_at: text, due_cents: 0 });
  });

  test('needs the owner when an agent voids what was paid, in part or whole', async () => {
    const { agent, olivia, act, done, read } = panes();
    const invoice_id = await partlyPaid();
    const request = await act(agent, 'invoice.void', { invoice_id, reason: 'Wrong price' }, { reasoning });
    expect(request).toMatchObject({ status: 'pending_authorization' });
    expect(await read(olivia, 'invoices', { id: invoice_id })).toMatchObject([{ status: 'partial' }]);
    const [waiting] = await read(olivia, 'authorization_requests', {
      filter: 'pending',
      fields: ['reference', 'digest', 'action', 'rule', 'rule_reason'],
    });
    expect(waiting).toMatchObject({
      action: 'invoice.void',
      rule: 'void_paid',
      rule_reason: '$100.00 was paid on this invoice',
    });
    await done(olivia, 'authorization.allow_once', { request: waiting?.reference, digest: waiting?.digest });
    expect(await read(olivia, 'invoices', { id: invoice_id })).toMatchObject([
      { status: 'void', end_reason: 'Wrong price', paid_cents: 10_000 },
    ]);
    const paid = await sent(panes());
    await done(olivia, 'invoice.record_payment', { invoice_id: paid, amount_cents: 66_200 });
    const again = await act(agent, 'invoice.void', { invoice_id: paid, reason: 'Wrong' }, { reasoning });
    expect(again.status).toBe('pending_authorization');
  });

  test('needs nobody else when a person does it', async () => {
    const { dana, done } = panes();
    const invoice_id = await partlyPaid();
    expect(await done(dana, 'invoice.void', { invoice_id, reason: 'Paid back in cash' })).toMatchObject({
      status: 'void',
      paid_cents: 10_000,
      due_cents: 0,
    });
  });

  test('is not for a draft, which is cancelled, nor for one that has ended', async () => {
    const { dana, act, done } = panes();
    const invoice_id = await draft(panes());
    const end = () => act(dana, 'invoice.void', { invoice_id, reason: 'Wrong price' });
    expect(await refusal(end())).toEqual({
      code: 'INVALID_STATE',
      message: `${invoice_id} is a draft; nobody has it yet.`,
      hint: 'Take it back with invoice.cancel instead.',
    });
    await done(dana, 'invoice.send', { invoice_id });
    await end();
    expect(await refusal(end())).toMatchObject({
      code: 'INVALID_STATE',
      message: `${invoice_id} is void already, which is final.`,
    });
  });

  test('twice at once happens once', async () => {
    const { dana, olivia, act } = panes();
    const invoice_id = await sent(panes());
    const calls = [dana, olivia].map(who => act(who, 'invoice.void', { invoice_id, reason: 'Wrong price' }));
    const { won, refused } = await race(calls);
    expect(won).toHaveLength(1);
    expect(refused).toEqual(['INVALID_STATE']);
  });
});

test.each(['invoice.cancel', 'invoice.void'])(
  '%s takes a reason, and is for the office of the business',
  async action => {
    const { dana, clear, theo, act } = panes();
    const invoice_id = await sent(panes());
    const end = (who: typeof dana, more: Record<string, unknown>) =>
      act(who, action, { invoice_id, ...more });
    for (const more of [{}, { reason: ' ' }]) {
      expect(await refusal(end(dana, more))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'reason' });
    }
    const reason = 'Wrong price';
    expect(await refusal(end(clear.owner, { reason }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'invoice_id',
    });
    expect(await refusal(end(theo, { reason }))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await end(dana, { reason })).status).toBe('done');
  },
);
