import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { closedVisit } from './billing.ts';

const panes = useBrightPanes();

/** Drafts a bill of its own; answers its number. */
async function bill(who = panes().dana, contact_id = 'C-1001'): Promise<unknown> {
  const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
  return (await panes().done(who, 'invoice.create', { contact_id, lines })).reference;
}

test('each business counts its own bills, without gaps and anew each year', async () => {
  const { clear, act, done, dana, book, setClock } = panes();
  await done(clear.owner, 'contact.create', { full_name: 'Customer of Clear View' });
  expect([await bill(), await bill()]).toEqual(['INV-2026-001', 'INV-2026-002']);
  expect(await bill(clear.owner)).toBe('INV-2026-001');
  // What comes to nothing takes no number.
  expect(await refusal(act(dana, 'invoice.create_from_ticket', { ticket_id: 'T-9999' }))).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no ticket «T-9999» here.',
    field: 'ticket_id',
    got: 'T-9999',
    hint: 'Look it up with a search over the ticket list, then use its reference.',
  });
  const { reference } = await book('2026-11-24T09:00');
  expect(await refusal(act(dana, 'invoice.create_from_ticket', { ticket_id: reference }))).toMatchObject({
    code: 'INVALID_STATE',
    message: `${String(reference)} is not closed yet, so its prices are not final.`,
  });
  await act(dana, 'invoice.create', sample, { preview: true });
  expect(await bill()).toBe('INV-2026-003');

  // In Alabama it is still 2026 when it is 2027 in Greenwich.
  setClock('2027-01-01T05:59:59Z');
  expect(await bill()).toBe('INV-2026-004');
  setClock('2027-01-01T06:00:00Z');
  expect([await bill(), await bill()]).toEqual(['INV-2027-001', 'INV-2027-002']);
});

const sample = { contact_id: 'C-1001', lines: [{ description: 'Ladder rental', unit_price_cents: 2500 }] };

test('the thousandth bill of a year gets a longer number', async () => {
  await asTableOwner(panes(), `update counters set value = 998 where kind = 'INV-2027'`);
  expect([await bill(), await bill()]).toEqual(['INV-2027-999', 'INV-2027-1000']);
});

test('bills written at once have different numbers', async () => {
  const numbers = await Promise.all(Array.from({ length: 5 }, () => bill()));
  expect(numbers.sort()).toEqual([1001, 1002, 1003, 1004, 1005].map(n => `INV-2027-${n}`));
});

test('eight who write at once, many of whom come to nothing, leave no gap; a thrown-away draft keeps its number', async () => {
  const { dana, act, done, clear, olivia, read, setClock } = panes();
  setClock(storyTime);
  const closed = await closedVisit(panes(), { contact_id: 'C-1002', address_id: 'A-1002' });
  setClock('2028-02-01T09:00:00-06:00');
  const lines = [{ description: 'Ladder rental', unit_price_cents: 2500 }];
  // Each takes a number and gives it back with everything else: a preview, and a bill that nobody can be sent.
  const comeToNothing = [
    () => act(dana, 'invoice.create', sample, { preview: true }),
    () => refusal(act(dana, 'invoice.create_from_ticket', { ticket_id: closed, send: true })),
  ];
  const writer = async (number: number) => {
    const who = number % 4 === 3 ? { caller: clear.owner, of: 'C-1001' } : { caller: dana, of: 'C-1001' };
    for (let turn = 0; turn < 6; turn += 1) {
      if ((number + turn) % 3 === 0) await comeToNothing[(number + turn) % 2]?.();
      const bill = await done(who.caller, 'invoice.create', { contact_id: who.of, lines });
      if (turn % 3 === 1)
        await done(who.caller, 'invoice.cancel', { invoice_id: bill.id, reason: 'Thrown away' });
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  const numbersOf = async (caller = olivia) => {
    const all = await read(caller, 'invoices', {
      limit: 100,
      sort: 'created_at',
      fields: ['reference', 'status'],
    });
    return all.filter(({ reference }) => String(reference).startsWith('INV-2028-'));
  };
  const ours = await numbersOf();
  const counted = (most: number) =>
    Array.from({ length: most }, (_, at) => `INV-2028-${String(at + 1).padStart(3, '0')}`);
  expect(ours.map(({ reference }) => reference).sort()).toEqual(counted(36));
  expect(ours.filter(({ status }) => status === 'cancelled')).toHaveLength(12);
  expect((await numbersOf(clear.owner)).map(({ reference }) => reference).sort()).toEqual(counted(12));
});

test('nobody can take a bill and its number away, not even our own code', async () => {
  const { app, database } = panes();
  expect([...app.registry.actions.keys()].filter(id => /^invoice\.(delete|remove)$/.test(id))).toEqual([]);
  const { rows } = await database.owner.query(
    `select privilege_type from information_schema.role_table_grants
     where table_name = 'invoices' and grantee = 'deskhand_app' order by 1`,
  );
  expect(rows.map(({ privilege_type }) => privilege_type)).toEqual(['INSERT', 'SELECT', 'UPDATE']);
});

test('a bill is called by its number, in small letters too', async () => {
  const { dana, act, done } = panes();
  const update = (invoice_id: string) => ({ invoice_id, notes: 'Thank you' });
  expect(await done(dana, 'invoice.update', update('inv-2026-002'))).toMatchObject({ notes: 'Thank you' });
  expect(await refusal(act(dana, 'invoice.update', update('INV-2026-777')))).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no invoice «INV-2026-777» here.',
    field: 'invoice_id',
    got: 'INV-2026-777',
    hint: 'Look it up with a search over the invoice list, then use its reference.',
  });
});
