import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const text = expect.any(String);
const untaxed = { service_id: null, tax_rate: 0, tax_cents: 0 };
const ladder = { description: 'Ladder rental', quantity: 1.5, unit_price_cents: 2501 };

test('the agent drafts a bill for what was no visit, with its own due date', async () => {
  const { agent, done, read } = panes();
  const [jane] = await read(agent, 'contacts', { id: 'C-1001' });
  const input = {
    contact_id: 'Jane Smith',
    lines: [ladder, { description: 'Squeegee', unit_price_cents: 1999 }],
    due_on: '2026-11-18',
    notes: 'As agreed on the phone',
  };
  expect(await done(agent, 'invoice.create', input)).toEqual({
    id: text,
    reference: 'INV-2026-001',
    source: 'standalone',
    contact_id: jane?.id,
    company_id: null,
    billing_name: null,
    billing_address: null,
    billing_email: null,
    ticket_id: null,
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
    due_on: '2026-11-18',
    collection_method: 'checkout',
    currency: 'USD',
    // 3751.5 cents, rounded away from zero, and 1999.
    subtotal_cents: 5751,
    tax_cents: 0,
    total_cents: 5751,
    paid_cents: 0,
    refunded_cents: 0,
    due_cents: 5751,
    is_overdue: false,
    is_reminded: true,
    notes: 'As agreed on the phone',
    sent_at: null,
    sent_to: null,
    paid_at: null,
    ended_at: null,
    end_reason: null,
    version: 1,
    created_at: text,
    updated_at: text,
    lines: [
      { id: text, position: 1, ...ladder, ...untaxed, subtotal_cents: 3752, total_cents: 3752 },
      {
        id: text,
        position: 2,
        description: 'Squeegee',
        quantity: 1,
        unit_price_cents: 1999,
        ...untaxed,
        subtotal_cents: 1999,
        total_cents: 1999,
      },
    ],
  });
});

test('a bill is due in thirty days, or as the business has set it', async () => {
  const { dana, done, bright } = panes();
  const bill = () => done(dana, 'invoice.create', { contact_id: 'C-1001', lines: [ladder] });
  expect(await bill()).toMatchObject({ due_on: '2026-12-18' });
  const set = (value: unknown) =>
    asTableOwner(
      panes(),
      `update organizations set settings = settings || jsonb_build_object('days_until_due', $2::jsonb) where id = $1`,
      [bright.id, JSON.stringify(value)],
    );
  await set(14);
  expect(await bill()).toMatchObject({ due_on: '2026-12-02' });
  await set('soon');
  expect(await bill()).toMatchObject({ due_on: '2026-12-18' });
});

test('a bill needs a customer of ours, something on it, and a day to come', async () => {
  const { dana, clear, act, done } = panes();
  const bill = (more: Record<string, unknown>, who = dana) =>
    act(who, 'invoice.create', { contact_id: 'C-1001', lines: [ladder], ...more });
  expect(await refusal(bill({ contact_id: 'C-9999' }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'contact_id',
  });
  expect(await refusal(bill({}, clear.owner))).toMatchObject({ code: 'NOT_FOUND', field: 'contact_id' });
  expect(await refusal(bill({ lines: [] }))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'lines' });
  for (const wrong of [
    { quantity: 0 },
    { quantity: 1.2345 },
    { unit_price_cents: -1 },
    { description: ' ' },
  ]) {
    const [member] = Object.keys(wrong);
    expect(await refusal(bill({ lines: [{ ...ladder, ...wrong }] }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: `lines.0.${member}`,
    });
  }
  expect(await refusal(bill({ due_on: '2026-11-17' }))).toEqual({
    code: 'VALIDATION_ERROR',
    message: 'This day is past.',
    field: 'due_on',
    got: '2026-11-17',
    hint: 'Choose today or a day to come.',
  });
  expect(await refusal(bill({ due_on: '2026-02-30' }))).toMatchObject({ field: 'due_on' });
  const gone = await done(dana, 'contact.create', { full_name: 'Gone Away' });
  await done(dana, 'contact.delete', { contact_id: gone.id });
  expect(await refusal(bill({ contact_id: gone.id }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'contact_id',
  });
  expect((await bill({})).status).toBe('done');
});

test('card numbers do not stay in the notes of a bill', async () => {
  const { dana, act } = panes();
  const { data, warnings } = await act(dana, 'invoice.create', {
    contact_id: 'C-1001',
    lines: [ladder],
    notes: 'paid before with 4242 4242 4242 4242',
  });
  expect(data.notes).toBe('paid before with [REDACTED CARD ..4242]');
  expect(warnings).toEqual(['A card number was removed from "notes": such numbers are not kept here.']);
});

test('a technician does not write bills', async () => {
  const { theo, act } = panes();
  const input = { contact_id: 'C-1001', lines: [ladder] };
  expect(await refusal(act(theo, 'invoice.create', input))).toMatchObject({ code: 'FORBIDDEN' });
});
