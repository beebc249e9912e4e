import { expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { as } from '../support/office.ts';
import { csrfOf, tellStory, usePages } from '../support/pages.ts';

const pages = usePages();

test('ten payments at once on one bill, from its page and by calls, are ten, and the sum is exact', async () => {
  await tellStory(pages());
  const { bright, done, act, read, send, signIn } = pages();
  const lines = [{ description: 'Ladder rental', unit_price_cents: 5500 }];
  const { reference } = await done(bright.owner, 'invoice.create', { contact_id: 'C-1001', lines });
  const invoice_id = String(reference);
  await done(bright.owner, 'invoice.finalize', { invoice_id });
  const session = await signIn('dana@brightpanes.example');
  const csrf_token = await csrfOf(pages(), session);
  const byPage = async (dollars: number) => {
    const form = { csrf_token, idempotency_key: newId(), amount: String(dollars), method: 'cash' };
    return (await send(`/invoices/${invoice_id}/payment`, { session, form })).status;
  };
  const byCall = async (dollars: number) => {
    const who = dollars % 2 ? bright.owner : as(bright, 'Dana');
    return (await act(who, 'invoice.record_payment', { invoice_id, amount_cents: dollars * 100 })).status;
  };
  const answers = await Promise.all([...[1, 2, 3, 4, 5].map(byPage), ...[6, 7, 8, 9, 10].map(byCall)]);
  expect(answers).toEqual([...Array(5).fill(303), ...Array(5).fill('done')]);
  const [bill] = await read(bright.owner, 'invoices', { id: invoice_id, include: ['payments', 'balance'] });
  expect(bill).toMatchObject({ status: 'paid', paid_cents: 5500, balance: { due_cents: 0 } });
  const payments = await read(bright.owner, 'payments', { params: { invoice_id }, limit: 100 });
  expect(payments.map(({ amount_cents }) => Number(amount_cents) / 100).sort((a, b) => a - b)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  // One more is kept as well, and the owner learns of it.
  expect(await byPage(1)).toBe(303);
  const tasks = await read(bright.owner, 'tasks', { params: { invoice_id, status: 'open' } });
  expect(tasks).toMatchObject([{ title: expect.stringContaining('Give $1.00 back') }]);
});
