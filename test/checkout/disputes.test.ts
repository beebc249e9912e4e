import { describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { sent } from '../invoices/billing.ts';
import { refusal } from '../support/refusal.ts';
import { newStripeId } from '../support/stripe/objects.ts';
import { useOnline } from './online.ts';

// A customer tells their bank that a payment was not theirs.

const online = useOnline();

/** A bill of $662.00 that was paid by card, and its payment at Stripe. */
async function paid() {
  const { panes, account, work, tell, list } = online();
  const invoice_id = await sent(panes);
  await work();
  const page = account.list('checkout.session').find(each => each.client_reference_id === invoice_id);
  await tell(account.payByCard(String(page?.id)));
  await work();
  const [payment] = await list('payments', { invoice_id });
  return { invoice_id, payment_id: String(payment?.reference), intent: String(page?.payment_intent) };
}
const read = (type: string, params: Record<string, unknown>, fields: string[]) =>
  online().panes.read(online().panes.olivia, type, { params, fields });
const paymentOf = async (invoice_id: string) =>
  (await read('payments', { invoice_id }, ['dispute_status', 'refunded_cents']))[0];
const tasksOf = (invoice_id: string) =>
  read('tasks', { invoice_id, status: 'open' }, ['title', 'note', 'due_at']);
const seconds = (moment: string) => Date.parse(moment) / 1000;
const evidence = (due_by: number | null) => ({
  evidence_details: {
    due_by,
    has_evidence: false,
    submission_method: 'manual',
    past_due: false,
    submission_count: 0,
    enhanced_eligibility: {},
  },
});

/** Disputes a payment, and has the event carried out. */
async function dispute(intent: string, is: Record<string, unknown> = {}) {
  const { account, tell, work } = online();
  const { id } = account.dispute(intent, { ...evidence(seconds('2026-12-01T12:00:00Z')), ...is });
  const event = account.events.findLast(({ type }) => type === 'charge.dispute.created');
  await tell(event);
  await work();
  return { id, event };
}
async function close(id: string, status: string) {
  const { account, tell, work } = online();
  const event = account.closeDispute(id, status);
  await tell(event);
  await work();
  return event;
}

test('a dispute is one task for the owner until the day the bank names, and is done when it is won', async () => {
  const { bill, panes, list } = online();
  const { invoice_id, payment_id, intent } = await paid();
  const { id } = await dispute(intent);
  expect(await paymentOf(invoice_id)).toMatchObject({ dispute_status: 'open', refunded_cents: 0 });
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  const [task, ...others] = await tasksOf(invoice_id);
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    title: `$662.00 for ${invoice_id} is disputed by Jane Smith`,
    due_at: '2026-12-01T12:00:00.000Z',
    note: expect.stringContaining('they say that the work was not done'),
  });
  expect(task?.note).toContain('by Tue 2026-12-01');
  const briefing = await panes.done(panes.agent, 'daily_briefing');
  expect(JSON.stringify(briefing.disputes)).toContain(payment_id);
  await close(id, 'won');
  expect(await paymentOf(invoice_id)).toMatchObject({ dispute_status: 'won', refunded_cents: 0 });
  expect(await tasksOf(invoice_id)).toEqual([]);
  expect(await list('refunds', { payment_id })).toEqual([]);
  expect(await panes.done(panes.agent, 'daily_briefing')).not.toHaveProperty('disputes');
});

test('a lost one took the money: it is a refund of its own, and the sums are exact', async () => {
  const { bill, list } = online();
  const { invoice_id, payment_id, intent } = await paid();
  const { id, event } = await dispute(intent);
  const closed = await close(id, 'lost');
  // Told once more, and the first word after the last.
  const { tell, work } = online();
  for (const each of [closed, event]) await tell({ ...each, id: newStripeId('evt') });
  await work();
  expect(await list('refunds', { payment_id })).toMatchObject([
    { amount_cents: 66_200, reason: 'other', note: 'Lost dispute', status: 'succeeded' },
  ]);
  expect(await bill(invoice_id)).toMatchObject({ status: 'refunded', paid_cents: 0, refunded_cents: 66_200 });
  expect(await paymentOf(invoice_id)).toMatchObject({ dispute_status: 'lost' });
  expect(await tasksOf(invoice_id)).toEqual([]);
  // An appeal that is won brings it back.
  await close(id, 'won');
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200, refunded_cents: 0 });
  expect(await list('refunds', { payment_id })).toMatchObject([{ status: 'failed' }]);
});

test('a lost one takes no more than is left of a payment of which a part was given back', async () => {
  const { bill, list, panes, work } = online();
  const { invoice_id, payment_id, intent } = await paid();
  await panes.done(panes.dana, 'payment.refund', { payment_id, amount_cents: 6_200, reason: 'goodwill' });
  await work();
  const { id } = await dispute(intent);
  await close(id, 'lost');
  const went = (await list('refunds', { payment_id })).map(({ amount_cents }) => amount_cents);
  expect(new Set(went)).toEqual(new Set([6_200, 60_000]));
  expect(await bill(invoice_id)).toMatchObject({ status: 'refunded', refunded_cents: 66_200 });
});

test('a question of the bank that asks nothing yet is shown, and one that was settled took nothing', async () => {
  const { list } = online();
  const { invoice_id, payment_id, intent } = await paid();
  const { id } = await dispute(intent, { status: 'warning_needs_response', ...evidence(null) });
  expect(await tasksOf(invoice_id)).toMatchObject([
    { note: expect.stringContaining('The bank asks nothing of you yet.') },
  ]);
  await close(id, 'warning_closed');
  expect(await paymentOf(invoice_id)).toMatchObject({ dispute_status: 'won' });
  expect(await list('refunds', { payment_id })).toEqual([]);
});

describe('while a payment is disputed', () => {
  test('nothing of it is given back, before and after it is', async () => {
    const { panes } = online();
    const { payment_id, intent } = await paid();
    const give = () =>
      panes.act(panes.dana, 'payment.refund', { payment_id, amount_cents: 100, reason: 'goodwill' });
    const { id } = await dispute(intent);
    expect(await refusal(give())).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining(`The customer disputes ${payment_id} with their bank`),
    });
    await close(id, 'won');
    expect((await give()).data).toMatchObject({ status: 'pending' });
  });

  test('nobody is reminded of what is still open of its bill', async () => {
    const { panes, account, work, tell } = online();
    const { done, olivia } = panes;
    const invoice_id = await sent(panes);
    const record = { invoice_id, amount_cents: 10_000, method: 'cash' };
    const { payment } = await done(olivia, 'invoice.record_payment', record);
    await done(olivia, 'invoice.open_checkout', { invoice_id });
    const page = account
      .list('checkout.session')
      .find(each => each.client_reference_id === invoice_id && each.amount_total === 56_200);
    await tell(account.payByCard(String(page?.id)));
    await work();
    await done(olivia, 'payment.delete', { payment_id: payment });
    await done(olivia, 'organization.update_settings', { settings: { remind_of_overdue_bills: 'on' } });
    const planned = async () =>
      (await online().list('scheduled_messages')).filter(each => each.kind === 'overdue' && of(each)).length;
    const of = ({ subject }: Record<string, unknown>) => String(subject).includes(invoice_id);
    const system: Caller = { via: 'system', organization_id: panes.bright.id, name: 'worker' };
    const plan = () => done(system, 'invoice.plan_reminders', {});
    const { id } = await dispute(String(page?.payment_intent));
    panes.setClock('2027-01-10T05:15:00-06:00');
    await plan();
    expect(await planned()).toBe(0);
    await close(id, 'won');
    await plan();
    expect(await planned()).toBe(1);
    panes.setClock('2026-11-18T08:00:00-06:00');
  });
});

test('a dispute of a payment that is none of ours is of no concern', async () => {
  const { account, tell, work, list } = online();
  const charge = account.add('charge', { amount: 5_000, currency: 'usd', amount_captured: 5_000 });
  const intent = account.add('payment_intent', { amount: 5_000, currency: 'usd', latest_charge: charge.id });
  account.dispute(intent.id, evidence(null));
  const event = account.events.findLast(({ type }) => type === 'charge.dispute.created');
  await tell({ ...event, created: account.now() - 3_600 });
  await work();
  const object_id = String(event?.data.object.id);
  const [fate] = (await list('webhook_events')).filter(each => each.object_id === object_id);
  expect(fate).toMatchObject({ outcome: 'skipped', said: 'This dispute is of no payment of ours.' });
});
