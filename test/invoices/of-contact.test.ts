import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

const bill = (contact_id: string) => {
  const { dana, done } = panes();
  const lines = [{ description: 'Broken pane', unit_price_cents: 4_000 }];
  return done(dana, 'invoice.create', { contact_id, lines });
};

test('the invoices of a customer are found by the name the customer has now', async () => {
  const { dana, done, read } = panes();
  const { id } = await bill('C-1001');
  const found = async (search: string) =>
    (await read(dana, 'invoices', { search })).map(invoice => invoice.id);
  expect(await found('smith')).toEqual([id]);
  await done(dana, 'contact.update', { contact_id: 'C-1001', full_name: 'Jane Underhill' });
  expect(await found('underhill')).toEqual([id]);
  expect(await found('smith')).toEqual([]);
});

test('an agent asks before it deletes a customer who was billed', async () => {
  const { agent, act, done, dana } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: 'Una Bell' });
  const remove = () =>
    act(
      agent,
      'contact.delete',
      { contact_id: reference },
      { reasoning: 'The owner asked for it', preview: true },
    );
  expect((await remove()).data.needs_authorization).toBeNull();
  await bill(String(reference));
  expect((await remove()).data.needs_authorization).toMatchObject({
    rule: 'delete_with_history',
    reason: expect.stringContaining('1 invoice'),
  });
});
