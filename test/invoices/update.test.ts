import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { draft } from './billing.ts';

const panes = useBrightPanes();

test('due date and notes of a draft change, and the history tells from what to what', async () => {
  const { agent, done, read } = panes();
  const invoice_id = await draft(panes());
  expect(
    await done(agent, 'invoice.update', { invoice_id, due_on: '2026-11-30', notes: 'Cash is fine' }),
  ).toMatchObject({ due_on: '2026-11-30', notes: 'Cash is fine', status: 'draft', total_cents: 66_200 });
  expect(await done(agent, 'invoice.update', { invoice_id, clear: ['notes'] })).toMatchObject({
    notes: null,
  });
  const [bill] = await read(agent, 'invoices', { id: invoice_id, include: ['audit_trail'] });
  expect(bill?.audit_trail).toMatchObject([
    { domain_action: 'invoice.update', changes: { notes: { old: 'Cash is fine', new: null } } },
    { domain_action: 'invoice.update', changes: { due_on: { old: '2026-12-18', new: '2026-11-30' } } },
    { domain_action: 'invoice.create_from_ticket', entity_type: 'invoice_line' },
    { domain_action: 'invoice.create_from_ticket', entity_type: 'invoice_line' },
    { domain_action: 'invoice.create_from_ticket', entity_type: 'invoice', action: 'create' },
  ]);
});

test('what the customer has got does not change any more', async () => {
  const { dana, act, done } = panes();
  const invoice_id = await draft(panes());
  const update = () => act(dana, 'invoice.update', { invoice_id, due_on: '2026-11-30' });
  await update();
  await done(dana, 'invoice.send', { invoice_id });
  expect(await refusal(update())).toEqual({
    code: 'INVALID_STATE',
    message: `${invoice_id} is sent; only a draft can be changed.`,
    hint: 'If it is wrong, void it with invoice.void and create a new one.',
  });
});

test('a due date is a day to come, and prices are those of the visit', async () => {
  const { dana, clear, theo, act } = panes();
  const invoice_id = await draft(panes());
  const update = (more: Record<string, unknown>, who = dana) =>
    act(who, 'invoice.update', { invoice_id, ...more });
  expect(await refusal(update({ due_on: '2026-11-17' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'due_on',
    message: 'This day is past.',
  });
  expect(await refusal(update({ due_on: '2026-02-30' }))).toMatchObject({ field: 'due_on' });
  for (const fixed of ['total_cents', 'status', 'contact_id', 'lines']) {
    expect(await refusal(update({ [fixed]: 1 }))).toMatchObject({ code: 'VALIDATION_ERROR', field: fixed });
  }
  expect(await refusal(update({}))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'invoice_id' });
  expect(await refusal(update({ notes: 'x' }, clear.owner))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(update({ notes: 'x' }, theo))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await update({ due_on: '2026-11-18' })).data).toMatchObject({ due_on: '2026-11-18' });
});
