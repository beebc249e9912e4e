import { beforeAll, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { draft, sent } from './billing.ts';

const panes = useBrightPanes();
const made: Record<string, string> = {};

beforeAll(async () => {
  const { dana, done } = panes();
  made.draft = await draft(panes());
  made.sent = await sent(panes());
  made.partial = await sent(panes());
  await done(dana, 'invoice.record_payment', { invoice_id: made.partial, amount_cents: 6200 });
  made.paid = await sent(panes());
  await done(dana, 'invoice.record_payment', { invoice_id: made.paid, amount_cents: 66_200 });
  made.void = await sent(panes());
  await done(dana, 'invoice.void', { invoice_id: made.void, reason: 'Wrong customer' });
});

/** The names of the bills a list answers, in their order. */
async function named(query: Parameters<ReturnType<typeof panes>['read']>[2]): Promise<string[]> {
  const bills = await panes().read(panes().agent, 'invoices', query);
  return bills.map(({ reference }) => Object.keys(made).find(name => made[name] === reference) ?? 'another');
}

test('bills are listed by what is to be done with them', async () => {
  expect(await named({})).toEqual(['draft', 'sent', 'partial', 'paid', 'void']);
  expect(await named({ filter: 'draft' })).toEqual(['draft']);
  expect(await named({ filter: 'open' })).toEqual(['sent', 'partial']);
  expect(await named({ params: { status: 'paid' } })).toEqual(['paid']);
  expect(await named({ params: { contact_id: 'Jane Smith' }, sort: '-created_at' })).toEqual([
    'void',
    'paid',
    'partial',
    'sent',
    'draft',
  ]);
  expect(await named({ params: { contact_id: 'Mrs Hart' } })).toEqual([]);
  expect(await named({ params: { ticket_id: 'T-2002' } })).toEqual(['sent']);
});

test('a bill is overdue on the day after it was due, where the business is', async () => {
  const { setClock, agent, read } = panes();
  const query = { filter: 'overdue', include: ['balance'], fields: ['reference', 'due_on'] };
  setClock('2026-12-19T05:59:59Z');
  expect(await read(agent, 'invoices', query)).toEqual([]);
  setClock('2026-12-19T06:00:00Z');
  const id = expect.any(String);
  expect(await read(agent, 'invoices', query)).toEqual([
    { id, reference: made.sent, due_on: '2026-12-18', balance: { due_cents: 66_200, is_overdue: true } },
    { id, reference: made.partial, due_on: '2026-12-18', balance: { due_cents: 60_000, is_overdue: true } },
  ]);
  const all = await read(agent, 'invoices', { include: ['balance'] });
  expect(all.map(({ balance }) => balance)).toEqual([
    { due_cents: 66_200, is_overdue: false },
    { due_cents: 66_200, is_overdue: true },
    { due_cents: 60_000, is_overdue: true },
    { due_cents: 0, is_overdue: false },
    { due_cents: 0, is_overdue: false },
  ]);
  setClock('2026-11-18T08:00:00-06:00');
});

test('from and to are days of issue', async () => {
  const { agent, read } = panes();
  const between = (from: string, to: string) => named({ params: { from, to } });
  expect(await between('2026-11-18', '2026-11-18')).toEqual(['sent', 'partial', 'paid', 'void']);
  expect(await between('2026-11-19', '2026-12-31')).toEqual([]);
  expect(await between('2026-01-01', '2026-11-17')).toEqual([]);
  expect(await refusal(read(agent, 'invoices', { params: { from: '2026-02-30' } }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'from',
  });
});

test('one bill shows its lines in order', async () => {
  const { agent, read } = panes();
  const [bill] = await read(agent, 'invoices', { id: String(made.sent), include: ['line_items'] });
  expect(bill?.line_items).toMatchObject([
    { position: 1, description: 'Interior and Exterior Window Cleaning (3h30m)', total_cents: 56_200 },
    { position: 2, description: 'Screen Cleaning', quantity: 20, total_cents: 10_000 },
  ]);
});

test('a bill is found by its number, its customer, what was done and why it ended', async () => {
  expect(await named({ search: String(made.partial) })).toEqual(['partial']);
  expect((await named({ search: 'jane smith' })).sort()).toEqual(Object.keys(made).sort());
  expect((await named({ search: 'screen cleaning' })).sort()).toEqual(Object.keys(made).sort());
  expect(await named({ search: 'wrong customer' })).toEqual(['void']);
  const { agent, read } = panes();
  const [hit] = await read(agent, 'search', { search: String(made.partial) });
  expect(hit).toMatchObject({
    kind: 'invoice',
    reference: made.partial,
    title: 'Interior and Exterior Window Cleaning (3h30m), Screen Cleaning',
    text: 'Jane Smith, partial, $662.00, due 2026-12-18',
  });
});

test('technicians and other businesses see no bills', async () => {
  const { theo, clear, dana, read } = panes();
  expect(await refusal(read(theo, 'invoices'))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await read(clear.owner, 'invoices')).toEqual([]);
  expect(await read(dana, 'invoices')).toHaveLength(5);
});
