import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race } from '../support/refusal.ts';
import { useCloseOuts } from './desk.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const send = { payment_choice: 'send_invoice' };
const skip = { payment_choice: 'skip', reason: 'Paid in cash' };

/** A visit that was completed, and nobody has said yet how it is paid. */
async function completed(more: Record<string, unknown> = {}, work = {}): Promise<string> {
  const ticket = await desk.visit(more);
  const { review } = await desk.toReview(ticket, { work });
  expect(await desk.step('complete', ticket, { review })).toMatchObject({ step: 'payment' });
  return ticket;
}

/** The bills of a visit, and the mails with them. */
async function billsOf(ticket: string) {
  const { read, dana, database } = panes();
  const bills = await read(dana, 'invoices', {
    params: { ticket_id: ticket },
    fields: ['reference', 'status', 'total_cents', 'sent_to'],
  });
  const { rows } = await database.owner.query(
    `select j.payload ->> 'to' as to
    from jobs as j
    join tickets as t on t.id = (j.payload ->> 'ticket_id')::uuid
    where j.kind = 'email' and t.reference = $1`,
    [ticket],
  );
  return { bills: bills.map(({ id: _, ...bill }) => bill), mails: rows.map(row => row.to) };
}

describe('how a completed visit is paid (CLO-09, GAP-32)', () => {
  test('by an invoice that goes out at once', async () => {
    const ticket = await completed();
    const paid = await desk.step('payment_choice', ticket, send);
    expect(paid).toMatchObject({
      step: 'done',
      payment_choice: 'send_invoice',
      invoice_id: expect.any(String),
    });
    expect(await billsOf(ticket)).toEqual({
      bills: [
        {
          reference: expect.stringMatching(/^INV-2026-\d{3}$/),
          status: 'sent',
          total_cents: 15_000,
          sent_to: 'jane.smith@example.com',
        },
      ],
      mails: ['jane.smith@example.com'],
    });
  });

  test('or otherwise, with a reason when there is one to give', async () => {
    const ticket = await completed();
    expect(await desk.step('payment_choice', ticket, skip)).toMatchObject({
      step: 'done',
      payment_choice: 'skip',
      invoice_id: null,
    });
    const { read, dana } = panes();
    const fields = ['payment_choice', 'payment_reason'];
    expect(await read(dana, 'closeout_sessions', { params: { ticket_id: ticket }, fields })).toMatchObject([
      { payment_choice: 'skip', payment_reason: 'Paid in cash' },
    ]);
    const silent = await completed();
    expect(await desk.step('payment_choice', silent, { payment_choice: 'skip' })).toMatchObject({
      step: 'done',
    });
    expect(await billsOf(silent)).toEqual({ bills: [], mails: [] });
  });

  test('by an invoice to an address that is asked for, and kept, where there is none', async () => {
    const contact_id = await desk.customer({ email: undefined });
    const ticket = await completed({ contact_id });
    expect(await desk.leavesNothing(() => desk.refused('payment_choice', ticket, send))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'email',
      hint: 'Ask for the address and give it as email; it is kept with the customer.',
    });
    expect(await desk.shown(ticket)).toMatchObject({ step: 'payment' });
    await desk.step('payment_choice', ticket, { ...send, email: 'Ida@Example.com' });
    expect((await billsOf(ticket)).mails).toEqual(['ida@example.com']);
    expect(await panes().read(panes().dana, 'contacts', { id: contact_id })).toMatchObject([
      { email: 'ida@example.com' },
    ]);
  });

  test.each([
    [{}, { code: 'VALIDATION_ERROR', field: 'payment_choice' }],
    [{ payment_choice: 'card' }, { code: 'VALIDATION_ERROR', field: 'payment_choice' }],
    [
      { ...skip, email: 'a@example.com' },
      { code: 'VALIDATION_ERROR', field: 'email' },
    ],
    [
      { ...send, reason: 'x' },
      { code: 'VALIDATION_ERROR', field: 'reason' },
    ],
    [
      { ...send, email: 'nobody' },
      { code: 'VALIDATION_ERROR', field: 'email' },
    ],
  ])('is not said like this: %j', async (data, refused) => {
    const ticket = await completed();
    expect(await desk.leavesNothing(() => desk.refused('payment_choice', ticket, data))).toMatchObject(
      refused,
    );
    expect(await desk.step('payment_choice', ticket, skip)).toMatchObject({ step: 'done' });
  });

  test('is said once, also when it is said twice at the same moment', async () => {
    const { act, theo } = panes();
    const ticket_id = await completed();
    const say = (data: Record<string, unknown>, key = {}) =>
      act(theo, 'closeout.payment_choice', { ticket_id, ...data }, key);
    const { won, refused } = await race([say(send), say(send), say(skip)]);
    expect([won.length, refused]).toEqual([1, ['INVALID_STATE', 'INVALID_STATE']]);
    const sent = won[0]?.data.payment_choice === 'send_invoice' ? 1 : 0;
    expect(await billsOf(ticket_id)).toMatchObject({
      bills: Array(sent).fill({ status: 'sent' }),
      mails: Array(sent).fill('jane.smith@example.com'),
    });

    const other = await completed();
    const key = { idempotency_key: `pay ${other}` };
    const again = () => act(theo, 'closeout.payment_choice', { ticket_id: other, ...send }, key);
    const [first, second] = await Promise.all([again(), again()]);
    expect(second?.data).toEqual(first?.data);
    expect(await billsOf(other)).toMatchObject({ bills: [{}], mails: [expect.anything()] });
  });

  test('of what the office has billed meanwhile: no second bill, and the technician goes on', async () => {
    const { done, dana } = panes();
    const ticket = await completed();
    const { reference } = await done(dana, 'invoice.create_from_ticket', { ticket_id: ticket });
    expect(await desk.leavesNothing(() => desk.refused('payment_choice', ticket, send))).toMatchObject({
      code: 'CONFLICT',
      invoice: reference,
    });
    expect(await desk.step('payment_choice', ticket, { payment_choice: 'skip' })).toMatchObject({
      step: 'done',
    });
  });

  test('of what cost nothing: there is nothing to send', async () => {
    const ticket = await completed({}, { lines: [{ line_id: '1', unit_price_cents: 0 }] });
    expect(await desk.leavesNothing(() => desk.refused('payment_choice', ticket, send))).toMatchObject({
      code: 'INVALID_STATE',
    });
    expect(await desk.step('payment_choice', ticket, skip)).toMatchObject({ step: 'done' });
  });

  test('is said by who completed it, and by nobody else', async () => {
    const { tess, dana } = panes();
    const ticket = await completed({ technician_ids: ['Theo', 'Tess'] });
    for (const who of [tess, dana]) {
      expect(await desk.refused('payment_choice', ticket, skip, who)).toMatchObject({
        code: 'INVALID_STATE',
        message: 'You have not closed out this visit.',
      });
    }
    expect(await desk.step('payment_choice', ticket, skip)).toMatchObject({ step: 'done' });
  });
});

test('the office sees whose payment nobody has settled, and which close-outs lie half done', async () => {
  const { read, dana } = panes();
  const half = await desk.visit();
  await desk.step('confirm_work', half, { duration_minutes: 75 });
  const unpaid = await completed();
  const ticketsOf = async (filter: string) => {
    const rows = await read(dana, 'closeout_sessions', { filter, limit: 100, references: true });
    return rows.map(row => row.ticket_id);
  };
  const lists = { open: await ticketsOf('open'), unpaid: await ticketsOf('unpaid') };
  expect(lists.open).toEqual(expect.arrayContaining([half]));
  expect(lists.unpaid).toEqual(expect.arrayContaining([unpaid]));
  expect(lists.open).not.toContain(unpaid);
  expect(lists.unpaid).not.toContain(half);
});
