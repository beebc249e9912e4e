import { describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Nobody who paid at the door is asked for it again by a program, and nobody says alone that money they took is there.

const panes = useBrightPanes();
const reasoning = 'Jane asked for her invoice on the phone';
let day = 0;

/** A visit of $150.00 that somebody closed step by step, with what they took at the door. */
async function closedBy(who: Caller, paid: Record<string, unknown>): Promise<string> {
  const { book, done } = panes();
  day += 1;
  const { id, reference: ticket_id } = await book(`2026-12-${String(10 + day).padStart(2, '0')}T07:00`, {
    lines: ['Gutter Cleaning'],
    technician_ids: ['Theo'],
  });
  const lines: unknown[] = [];
  await done(who, 'closeout.confirm_work', { ticket_id, duration_minutes: 60, lines });
  await done(who, 'closeout.set_notes', { ticket_id, notes: '' });
  const { review } = await done(who, 'closeout.set_next_service', { ticket_id, next_service: 'no' });
  await done(who, 'closeout.complete', { ticket_id, review });
  await done(who, 'closeout.payment_choice', { ticket_id: id, ...paid });
  return String(ticket_id);
}
const twentyInCash = { payment_choice: 'at_door', payment_method: 'cash', amount_cents: 2000 };
const later = { payment_choice: 'skip' };

describe('the bill of a visit that was paid at the door', () => {
  test('says so when it is made, with how much and how', async () => {
    const { act, agent, theo } = panes();
    const bill = async (ticket_id: string) =>
      (await act(agent, 'invoice.create_from_ticket', { ticket_id })).warnings;
    const paid = await closedBy(theo, twentyInCash);
    expect(await bill(paid)).toEqual([
      expect.stringMatching(
        `^\\$20.00 in cash was taken at the door of ${paid}, and this invoice still asks for the whole price`,
      ),
    ]);
    expect(await bill(await closedBy(theo, later))).toEqual([]);
  });

  test('is sent by an agent only when the owner allows it; any other one at once', async () => {
    const { act, agent, done, olivia, read, theo } = panes();
    const make = async (paid: Record<string, unknown>) => {
      const ticket_id = await closedBy(theo, paid);
      return String((await done(agent, 'invoice.create_from_ticket', { ticket_id })).reference);
    };
    const send = (invoice_id: string) => act(agent, 'invoice.send', { invoice_id }, { reasoning });
    const invoice = await make(twentyInCash);
    const waiting = await send(invoice);
    expect(waiting).toMatchObject({
      status: 'pending_authorization',
      data: { rule: 'paid_at_door', reason: expect.stringContaining('$20.00 in cash was taken at the door') },
    });
    const statusOf = async (id: string) => (await read(olivia, 'invoices', { id }))[0]?.status;
    expect(await statusOf(invoice)).toBe('draft');
    const request = String(waiting.data.request);
    const [asked] = await read(olivia, 'authorization_requests', { id: request });
    await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest, seen: asked?.digest });
    expect(await statusOf(invoice)).toBe('sent');
    // Once the money is recorded on it, the invoice takes it off, and may go out again.
    expect((await send(invoice)).status).toBe('pending_authorization');
    await done(olivia, 'invoice.record_payment', { invoice_id: invoice, amount_cents: 2000 });
    expect((await send(invoice)).status).toBe('done');
    expect((await send(await make(later))).status).toBe('done');
  });

  test('is sent by people of the office as ever', async () => {
    const { dana, done, theo } = panes();
    const ticket_id = await closedBy(theo, twentyInCash);
    const { reference } = await done(dana, 'invoice.create_from_ticket', { ticket_id });
    expect(await done(dana, 'invoice.send', { invoice_id: reference })).toMatchObject({ status: 'sent' });
  });
});

describe('what was taken at the door and checked', () => {
  test('is a payment of the bill when the visit is billed, and the draft asks for what is left', async () => {
    const { act, dana, done, read, theo } = panes();
    const ticket_id = await closedBy(theo, twentyInCash);
    await done(dana, 'closeout.check_payment', { ticket_id });
    const { data, warnings } = await act(dana, 'invoice.create_from_ticket', { ticket_id });
    expect(data).toMatchObject({ status: 'draft', paid_cents: 2000, due_cents: 13_000 });
    const invoice_id = String(data.reference);
    const [payment, ...others] = await read(dana, 'payments', { params: { invoice_id } });
    expect(others).toEqual([]);
    expect(payment).toMatchObject({
      amount_cents: 2000,
      method: 'cash',
      note: `At the door of ${ticket_id}`,
    });
    expect(warnings).toEqual([expect.stringContaining(`it is ${payment?.reference}, and the invoice asks`)]);
    expect(await done(dana, 'invoice.send', { invoice_id })).toMatchObject({
      status: 'partial',
      due_cents: 13_000,
    });
  });

  test('is not counted again when its bill is void and the visit is billed anew', async () => {
    const { act, dana, done, read, theo } = panes();
    const ticket_id = await closedBy(theo, twentyInCash);
    await done(dana, 'closeout.check_payment', { ticket_id });
    const { reference: first } = await done(dana, 'invoice.create_from_ticket', { ticket_id });
    const draftOf = act(dana, 'invoice.cancel', { invoice_id: first, reason: 'Wrong price' });
    expect(await refusal(draftOf)).toMatchObject({ code: 'INVALID_STATE' });
    await done(dana, 'invoice.send', { invoice_id: first });
    await done(dana, 'invoice.void', { invoice_id: first, reason: 'Wrong price' });
    const { data, warnings } = await act(dana, 'invoice.create_from_ticket', { ticket_id });
    expect(data).toMatchObject({ paid_cents: 0, due_cents: 15_000 });
    const [payment] = await read(dana, 'payments', { params: { invoice_id: String(first) } });
    expect(warnings).toEqual([expect.stringContaining(`is ${payment?.reference} of another invoice`)]);
    const move = { payment_id: payment?.id, invoice_id: data.reference };
    expect(await done(dana, 'payment.move', move)).toMatchObject({ to_status: 'partial' });
  });
});

describe('money that was taken at the door', () => {
  test('is not checked by the person of the office who took it, but by another one', async () => {
    const { act, dana, done, olivia, read } = panes();
    const ticket_id = await closedBy(dana, twentyInCash);
    expect(await refusal(act(dana, 'closeout.check_payment', { ticket_id }))).toMatchObject({
      code: 'FORBIDDEN',
      message: 'You took this money yourself, so you are not who checks it.',
    });
    const unchecked = await read(olivia, 'closeout_sessions', { params: { ticket_id }, filter: 'unchecked' });
    expect(unchecked).toHaveLength(1);
    expect(await done(olivia, 'closeout.check_payment', { ticket_id })).toMatchObject({
      payment_cents: 2000,
    });
  });

  test('of a technician is checked by anybody of the office, and that of an owner by themselves', async () => {
    const { dana, done, olivia, theo } = panes();
    const ofTheo = await closedBy(theo, twentyInCash);
    expect(await done(dana, 'closeout.check_payment', { ticket_id: ofTheo })).toMatchObject({
      payment_cents: 2000,
    });
    const ofOlivia = await closedBy(olivia, twentyInCash);
    expect(await done(olivia, 'closeout.check_payment', { ticket_id: ofOlivia })).toMatchObject({
      payment_cents: 2000,
    });
  });
});
