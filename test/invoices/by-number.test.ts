import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const lines = [{ description: 'Hooks', quantity: 1, unit_price_cents: 12_000 }];
const bill = async (contact_id: string) => {
  const { done, dana } = panes();
  const { id } = await done(dana, 'invoice.create', { contact_id, lines });
  return done(dana, 'invoice.finalize', { invoice_id: id });
};

test('an invoice is meant by its number, with whose it is when several years have it', async () => {
  const { read, dana, act, setClock } = panes();
  await bill('C-1001');
  for (const said of ['1', 'invoice 1', 'Invoice no. 1', '#1', 'INV-1', 'INV-2026-1'])
    expect(await read(dana, 'invoices', { id: said }), said).toMatchObject([{ reference: 'INV-2026-001' }]);
  setClock('2027-01-12T09:00:00-06:00');
  await bill('C-1002');
  const noted = (invoice_id: string) =>
    act(dana, 'invoice.update', { invoice_id, internal_notes: 'Two too many' });
  expect(await refusal(noted('invoice 1'))).toMatchObject({
    code: 'AMBIGUOUS',
    candidates: [
      { reference: 'INV-2026-001', label: expect.stringMatching(/^Jane Smith, /) },
      { reference: 'INV-2027-001', label: expect.stringMatching(/^Mrs Hart, /) },
    ],
  });
  expect(await read(dana, 'invoices', { id: '2026-1' })).toMatchObject([{ reference: 'INV-2026-001' }]);
  expect(await refusal(read(dana, 'invoices', { id: 'INV-44' }))).toMatchObject({ code: 'NOT_FOUND' });
});
