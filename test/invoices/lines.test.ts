import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { mailsTo, sent } from './billing.ts';

const panes = useBrightPanes();
const screens = { description: 'Screens', quantity: 40, unit_price_cents: 10_000, tax_rate: 8 };
const setUp = { description: 'Setup', unit_price_cents: 29_900, tax_rate: 8 };
const bill = (more: Record<string, unknown> = {}) => {
  const { dana, done } = panes();
  return done(dana, 'invoice.create', { contact_id: 'C-1001', lines: [screens, setUp], ...more });
};

test('the example of the requirements comes out to the cent (FIX-06)', async () => {
  expect(await bill()).toMatchObject({
    subtotal_cents: 429_900,
    tax_cents: 34_392,
    discount_cents: 0,
    total_cents: 464_292,
    due_cents: 464_292,
    lines: [
      { subtotal_cents: 400_000, tax_cents: 32_000, total_cents: 432_000 },
      { subtotal_cents: 29_900, tax_cents: 2_392, total_cents: 32_292 },
    ],
  });
});

describe('a draft is written line by line', () => {
  test('a service at the price of the catalog, its wording and quantity, and off again', async () => {
    const { agent, done } = panes();
    const { reference: invoice_id } = await bill({ lines: [setUp] });
    const added = await done(agent, 'invoice.add_line', {
      invoice_id,
      service_id: 'Screen Cleaning',
      quantity: 20,
    });
    expect(added).toMatchObject({
      total_cents: 32_292 + 10_000,
      lines: [
        { position: 1 },
        { position: 2, description: 'Screen Cleaning', unit_price_cents: 500, tax_rate: 0 },
      ],
    });
    const changed = await done(agent, 'invoice.update_line', {
      invoice_id,
      line_id: 'screen',
      quantity: 19.5,
      tax_rate: 8.875,
    });
    // 9750 cents, and 865.3125 of tax.
    expect(changed).toMatchObject({ total_cents: 32_292 + 9_750 + 865, tax_cents: 2_392 + 865 });
    const removed = await done(agent, 'invoice.remove_line', { invoice_id, line_id: '1' });
    expect(removed).toMatchObject({ total_cents: 10_615, lines: [{ position: 2 }] });
    // A number that was given once means no other line.
    const again = await done(agent, 'invoice.add_line', { invoice_id, ...setUp });
    expect(again).toMatchObject({ lines: [{ position: 2 }, { position: 3 }] });
  });

  test('a line says what it is for and what it costs, or it is not taken', async () => {
    const { agent, act } = panes();
    const { reference: invoice_id } = await bill();
    const add = (input: Record<string, unknown>) =>
      refusal(act(agent, 'invoice.add_line', { invoice_id, ...input }));
    expect(await add({ unit_price_cents: 100 })).toMatchObject({ field: 'description' });
    expect(await add({ description: 'Ladder' })).toMatchObject({
      field: 'unit_price_cents',
      message: 'Say what Ladder costs.',
    });
    expect(await add({ service_id: 'Interior and Exterior Window Cleaning' })).toMatchObject({
      field: 'unit_price_cents',
    });
    expect(await add({ service_id: 'S-99', unit_price_cents: 1 })).toMatchObject({ code: 'NOT_FOUND' });
    for (const wrong of [
      { tax_rate: 100.5 },
      { tax_rate: -1 },
      { tax_rate: 8.12345 },
      { quantity: 0 },
      { quantity: -2 },
      { unit_price_cents: -5 },
      { unit_price_cents: 100_000_000_000 },
    ]) {
      const [field] = Object.keys(wrong);
      expect(await add({ ...screens, ...wrong })).toMatchObject({ code: 'VALIDATION_ERROR', field });
    }
    expect(await add({ ...screens, quantity: 100_000, unit_price_cents: 1_000_000_000 })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'lines',
    });
    const { read } = panes();
    expect(await read(agent, 'invoices', { id: String(invoice_id) })).toMatchObject([
      { total_cents: 464_292 },
    ]);
  });

  test('the rate of the business stands on lines that say none, those of visits too', async () => {
    const { olivia, agent, done } = panes();
    await done(olivia, 'organization.update_settings', { settings: { default_tax_rate: 8.25 } });
    const { lines } = await bill({ lines: [{ description: 'Ladder', unit_price_cents: 10_000 }, setUp] });
    expect(lines).toMatchObject([{ tax_rate: 8.25, tax_cents: 825 }, { tax_rate: 8 }]);
    const visit = await sent(panes());
    const { read } = panes();
    expect(await read(agent, 'invoices', { id: visit })).toMatchObject([
      { subtotal_cents: 66_200, tax_cents: 5_462, total_cents: 71_662 },
    ]);
    await done(olivia, 'organization.update_settings', { settings: { default_tax_rate: null } });
  });
});

describe('a discount', () => {
  test('is taken off the whole after tax, and follows the draft', async () => {
    const { agent, done } = panes();
    const { reference: invoice_id } = await bill({ discount_cents: 4_292 });
    const update = (discount_cents: number) => done(agent, 'invoice.update', { invoice_id, discount_cents });
    expect(await update(14_292)).toMatchObject({
      tax_cents: 34_392,
      discount_cents: 14_292,
      total_cents: 450_000,
    });
    const fewer = await done(agent, 'invoice.remove_line', { invoice_id, line_id: 'setup' });
    expect(fewer).toMatchObject({ discount_cents: 14_292, total_cents: 432_000 - 14_292 });
    expect(await update(432_000)).toMatchObject({ total_cents: 0 });
  });

  test('is never more than what it is taken off', async () => {
    const { agent, act, done } = panes();
    expect(
      await refusal(
        act(agent, 'invoice.create', { contact_id: 'C-1001', lines: [setUp], discount_cents: 32_293 }),
      ),
    ).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'discount_cents',
      message: 'A discount of $322.93 is more than the $322.92 it is taken off.',
    });
    const { reference: invoice_id } = await bill({ discount_cents: 100_000 });
    expect(await refusal(act(agent, 'invoice.remove_line', { invoice_id, line_id: '1' }))).toMatchObject({
      field: 'discount_cents',
    });
    expect(
      await refusal(act(agent, 'invoice.update', { invoice_id, discount_cents: 464_293 })),
    ).toMatchObject({
      field: 'discount_cents',
    });
    expect(await done(agent, 'invoice.update', { invoice_id, discount_cents: 464_292 })).toMatchObject({
      total_cents: 0,
    });
  });
});

describe('what is issued stays as it is', () => {
  test('no line is added, changed or taken off, and no discount given', async () => {
    const { dana, act, done, read } = panes();
    const { reference: invoice_id } = await bill();
    expect(await done(dana, 'invoice.finalize', { invoice_id })).toMatchObject({
      status: 'sent',
      issued_on: '2026-11-18',
      sent_at: null,
    });
    for (const [action, input] of [
      ['invoice.add_line', setUp],
      ['invoice.update_line', { line_id: '1', quantity: 1 }],
      ['invoice.remove_line', { line_id: '1' }],
      ['invoice.update', { discount_cents: 1 }],
      ['invoice.finalize', {}],
    ] as const) {
      expect(await refusal(act(dana, action, { invoice_id, ...input }))).toMatchObject({
        code: 'INVALID_STATE',
        message: expect.stringContaining('only a draft can be changed'),
      });
    }
    expect(await read(dana, 'invoices', { id: String(invoice_id) })).toMatchObject([
      { total_cents: 464_292 },
    ]);
  });

  test('the database itself refuses it, whoever asks', async () => {
    const { dana, done } = panes();
    const { id } = await bill();
    await asTableOwner(
      panes(),
      `update invoice_lines set description = 'Other words' where invoice_id = $1`,
      [id],
    );
    await done(dana, 'invoice.finalize', { invoice_id: id });
    for (const statement of [
      'update invoice_lines set quantity = 1 where invoice_id = $1',
      'update invoices set discount_cents = 100, total_cents = total_cents - 100 where id = $1',
      `update invoices set status = 'draft' where id = $1`,
      'delete from invoice_lines where invoice_id = $1',
    ]) {
      await expect(asTableOwner(panes(), statement, [id])).rejects.toThrow('the invoice is issued');
    }
    const other = await bill();
    for (const [from, to] of [
      [id, other.id],
      [other.id, id],
    ]) {
      const move = asTableOwner(
        panes(),
        'update invoice_lines set invoice_id = $2, position = position + 10 where invoice_id = $1',
        [from, to],
      );
      await expect(move).rejects.toThrow('the invoice is issued');
    }
  });
});

test('terms of payment say when it is due', async () => {
  const { agent, done } = panes();
  expect(await bill({ payment_terms: 'due_on_receipt' })).toMatchObject({ due_on: '2026-11-18' });
  const { reference: invoice_id } = await bill({ payment_terms: 'net_60' });
  expect(await done(agent, 'invoice.update', { invoice_id, payment_terms: 'net_90' })).toMatchObject({
    due_on: '2027-02-16',
  });
  expect(
    await done(agent, 'invoice.update', { invoice_id, payment_terms: 'net_30', due_on: '2026-12-01' }),
  ).toMatchObject({
    due_on: '2026-12-01',
  });
});

test('a bill that says no terms has those of the business', async () => {
  const { olivia, done } = panes();
  const decide = (default_payment_terms: string | null) =>
    done(olivia, 'organization.update_settings', { settings: { default_payment_terms } });
  await decide('net_60');
  expect(await bill({})).toMatchObject({ payment_terms: 'net_60', due_on: '2027-01-17' });
  expect(await bill({ payment_terms: 'due_on_receipt' })).toMatchObject({ due_on: '2026-11-18' });
  expect(await bill({ due_on: '2026-12-24' })).toMatchObject({ due_on: '2026-12-24' });
  await decide(null);
  expect(await bill({})).toMatchObject({ payment_terms: null, due_on: '2026-12-18' });
});

test('the mail with a bill adds up: lines before tax, then tax, discount and total', async () => {
  const { dana, done } = panes();
  const { reference: invoice_id } = await bill({ discount_cents: 4_292 });
  await done(dana, 'invoice.send', { invoice_id });
  const [mail] = z
    .array(z.object({ text: z.string() }))
    .parse(await mailsTo(panes(), 'jane.smith@example.com'));
  expect(mail?.text).toContain('Screens: 40 x $100.00 = $4,000.00\nSetup: $299.00');
  expect(mail?.text).toContain('Tax: $343.92\nDiscount: -$42.92\nTotal: $4,600.00');
});
