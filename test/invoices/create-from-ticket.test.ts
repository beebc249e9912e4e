import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { closedVisit } from './billing.ts';

const panes = useBrightPanes();
const text = expect.any(String);

test('the agent bills a closed visit: $562 and twenty screens at $5 come to $662, due in thirty days', async () => {
  const { agent, done, read } = panes();
  const ticket_id = await closedVisit(panes());
  const [jane] = await read(agent, 'contacts', { id: 'C-1001' });
  const [visit] = await read(agent, 'tickets', { id: ticket_id });
  expect(await done(agent, 'invoice.create_from_ticket', { ticket_id })).toEqual({
    id: text,
    reference: 'INV-2026-001',
    source: 'ticket',
    contact_id: jane?.id,
    company_id: null,
    collection_method: 'checkout',
    is_reminded: true,
    billing_name: null,
    billing_address: null,
    billing_email: null,
    ticket_id: visit?.id,
    status: 'draft',
    subtype: 'sales',
    description: null,
    payment_terms: null,
    discount_cents: 0,
    terms_and_conditions: null,
    footer: null,
    foreign_number: null,
    is_imported: false,
    internal_notes: null,
    tags: [],
    custom_fields: {},
    issued_on: null,
    due_on: '2026-12-18',
    currency: 'USD',
    subtotal_cents: 66_200,
    tax_cents: 0,
    total_cents: 66_200,
    paid_cents: 0,
    refunded_cents: 0,
    due_cents: 66_200,
    is_overdue: false,
    notes: null,
    sent_at: null,
    sent_to: null,
    paid_at: null,
    ended_at: null,
    end_reason: null,
    version: 1,
    created_at: text,
    updated_at: text,
    lines: [
      {
        id: text,
        position: 1,
        description: 'Interior and Exterior Window Cleaning (3h30m)',
        quantity: 1,
        service_id: text,
        unit_price_cents: 56_200,
        tax_rate: 0,
        subtotal_cents: 56_200,
        tax_cents: 0,
        total_cents: 56_200,
      },
      {
        id: text,
        position: 2,
        description: 'Screen Cleaning',
        quantity: 20,
        service_id: text,
        unit_price_cents: 500,
        tax_rate: 0,
        subtotal_cents: 10_000,
        tax_cents: 0,
        total_cents: 10_000,
      },
    ],
  });
});

test('lines that were taken off are not billed, and parts of a unit are rounded by the line', async () => {
  const { book, dana, done } = panes();
  const { reference } = await book('2026-11-18T11:00', {
    lines: [
      { service_id: 'Gutter Cleaning' },
      { service_id: 'Screen Cleaning', quantity: 2.5, unit_price_cents: 333 },
      { service_id: 'Screen Cleaning', quantity: 0.5, unit_price_cents: 333, description: 'Broken screens' },
    ],
  });
  const ticket_id = String(reference);
  await done(dana, 'ticket.remove_line', { ticket_id, line_id: 'Gutter' });
  await done(dana, 'ticket.close', { ticket_id, duration_minutes: 60, notes: '', next_service: 'no' });
  expect(await done(dana, 'invoice.create_from_ticket', { ticket_id })).toMatchObject({
    // 832.5 and 166.5 cents, each rounded away from zero.
    subtotal_cents: 833 + 167,
    total_cents: 1000,
    lines: [
      { position: 1, description: 'Screen Cleaning', quantity: 2.5, total_cents: 833 },
      { position: 2, description: 'Broken screens', quantity: 0.5, total_cents: 167 },
    ],
  });
});

test('a visit that is not closed has no final prices, so it is not billed until it is', async () => {
  const { book, agent, dana, act, done } = panes();
  const { reference } = await book('2026-11-18T12:00', { lines: [{ service_id: 'Gutter Cleaning' }] });
  const ticket_id = String(reference);
  const bill = () => act(agent, 'invoice.create_from_ticket', { ticket_id });
  expect(await refusal(bill())).toEqual({
    code: 'INVALID_STATE',
    message: `${ticket_id} is not closed yet, so its prices are not final.`,
    field: 'ticket_id',
    hint: 'Close the visit first with ticket.close, then bill it.',
  });
  await done(dana, 'ticket.close', { ticket_id, duration_minutes: 60, notes: '', next_service: 'no' });
  expect((await bill()).data).toMatchObject({ total_cents: 15_000, status: 'draft' });
});

test('a cancelled visit is not billed', async () => {
  const { book, dana, act, done } = panes();
  const { reference } = await book('2026-11-18T13:00', { lines: [{ service_id: 'Gutter Cleaning' }] });
  await done(dana, 'ticket.cancel', { ticket_id: String(reference) });
  expect(await refusal(act(dana, 'invoice.create_from_ticket', { ticket_id: String(reference) }))).toEqual({
    code: 'INVALID_STATE',
    message: `${reference} is cancelled; there is nothing to bill.`,
    field: 'ticket_id',
    hint: 'Bill the visit that was done instead.',
  });
});

test('a visit has one bill; after that one is cancelled or void it can be billed again', async () => {
  const { dana, act, done } = panes();
  const ticket_id = await closedVisit(panes());
  const bill = () => act(dana, 'invoice.create_from_ticket', { ticket_id });
  const first = (await bill()).data;
  expect(await refusal(bill())).toEqual({
    code: 'CONFLICT',
    message: `${ticket_id} is billed already with ${first.reference}.`,
    field: 'ticket_id',
    invoice: first.reference,
    status: 'draft',
    hint: `Use ${first.reference}; if it is wrong, void or cancel it first.`,
  });
  await done(dana, 'invoice.cancel', { invoice_id: first.reference, reason: 'Wrong day on it' });
  const second = (await bill()).data;
  expect(second.reference).not.toBe(first.reference);
  await done(dana, 'invoice.send', { invoice_id: second.reference });
  expect(await refusal(bill())).toMatchObject({ invoice: second.reference, status: 'sent' });
  await done(dana, 'invoice.void', { invoice_id: second.reference, reason: 'Wrong day on it again' });
  expect((await bill()).data).toMatchObject({ status: 'draft', total_cents: 66_200 });
});

test('of two who bill a visit at once one does, and the other learns of that bill', async () => {
  const { dana, agent, act, read } = panes();
  const ticket_id = await closedVisit(panes());
  const bill = (who: typeof dana) => act(who, 'invoice.create_from_ticket', { ticket_id });
  const ends = await Promise.allSettled([dana, agent, dana, agent].map(bill));
  const won = ends.flatMap(end => (end.status === 'fulfilled' ? [end.value.data.reference] : []));
  const told = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []));
  expect(won).toHaveLength(1);
  const conflict = { code: 'CONFLICT', details: { invoice: won[0] } };
  expect(told).toMatchObject([conflict, conflict, conflict]);
  const bills = await read(dana, 'invoices', { params: { ticket_id } });
  expect(bills).toMatchObject([{ reference: won[0] }]);
});

test('nobody bills a visit of another business, nor one that is not there', async () => {
  const { clear, dana, act } = panes();
  const ticket_id = await closedVisit(panes());
  const bill = (who: typeof dana, ticket: string) =>
    act(who, 'invoice.create_from_ticket', { ticket_id: ticket });
  expect(await refusal(bill(clear.owner, ticket_id))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(bill(dana, 'T-9999'))).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
  expect((await bill(dana, ticket_id)).status).toBe('done');
});

test('a technician does not write bills', async () => {
  const { theo, act } = panes();
  const ticket_id = await closedVisit(panes());
  expect(await refusal(act(theo, 'invoice.create_from_ticket', { ticket_id }))).toMatchObject({
    code: 'FORBIDDEN',
  });
});
