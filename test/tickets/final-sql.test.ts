import pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { type Sql, sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asApplication } from '../support/raw-sql.ts';

// What a defect in our own code could try with SQL, beyond changing a row (TKT-05; the rest is in final.test.ts).

const panes = useBrightPanes();
const final = { constraint: 'tickets_final' };
const literally = (text: string): Sql => ({ text, values: [] });

// T-2001 is closed, T-2002 cancelled, T-2003 open, all with the same parts.
beforeAll(async () => {
  const { book, theo, done, dana } = panes();
  for (const hour of ['08', '10', '12']) {
    const at = `2026-11-18T0${Number(hour) / 2}`;
    const { id } = await book(`2026-11-18T${hour}:00`, { lines: ['S-1', 'S-3'], technician_ids: ['Theo'] });
    await done(theo, 'ticket.clock_in', { ticket_id: id, at: `${at}:00` });
    await done(theo, 'ticket.clock_out', { ticket_id: id, at: `${at}:30` });
  }
  const nothing = { duration_minutes: 60, notes: '', next_service: 'no' };
  await done(dana, 'ticket.close', { ticket_id: 'T-2001', ...nothing });
  await done(dana, 'ticket.cancel', { ticket_id: 'T-2002' });
});

const denied = { code: '42501' };
const parts = ['ticket_lines', 'ticket_technicians', 'time_entries'];
/** The rows of a table that belong to a visit, as a condition. */
const of = (table: string, reference: string) =>
  table === 'tickets'
    ? `reference = '${reference}'`
    : `ticket_id = (select id from tickets where reference = '${reference}')`;

/** Runs a statement as the administrator of the database, and takes it back. */
const inTransaction = async (text: string) => {
  const { admin } = panes().database;
  const client = new pg.Client(admin);
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('app.actor', '{"kind": "system", "name": "x"}', true),
        set_config('app.current_organization_id', $1, true)`,
      [panes().bright.id],
    );
    await client.query(text);
  } finally {
    await client.query('rollback');
    await client.end();
  }
};

/** Each is more than a change of a row: it takes the lock off the door. */
const tricks: [string, string][] = [
  ['delete the visit', `delete from tickets where ${of('tickets', 'T-2003')}`],
  ['delete its lines', `delete from ticket_lines where ${of('ticket_lines', 'T-2003')}`],
  ['delete its clocks', `delete from time_entries where ${of('time_entries', 'T-2003')}`],
  ['empty the table of lines', 'truncate ticket_lines'],
  ['empty the table of clocks', 'truncate time_entries'],
  ['empty the table of visits', 'truncate tickets cascade'],
  ['switch the trigger off', 'alter table tickets disable trigger final'],
  ['switch the trigger of the parts off', 'alter table ticket_lines disable trigger final'],
  ['switch all triggers off', 'alter table ticket_technicians disable trigger all'],
  ['drop the trigger', 'drop trigger final on tickets'],
  [
    'give the trigger nothing to do',
    `create or replace function refuse_final_ticket_change() returns trigger language plpgsql as
      'begin return new; end'`,
  ],
  ['pass for a replica, for which no trigger fires', `set local session_replication_role = replica`],
  ['be the owner of the tables', 'set local role deskhand_owner'],
  ['be the administrator', 'set local role postgres'],
  ['look past the policy', 'alter table tickets disable row level security'],
  ['add a column of its own', 'alter table tickets add column shadow text'],
];

test.each(tricks)('the application may not %s, not even of an open visit', async (_, text) => {
  await expect(asApplication(panes(), panes().bright, literally(text))).rejects.toMatchObject(denied);
});

test.each(tricks)('an administrator can: %s, so it is the role that is held back', async (_, text) => {
  // The parts go before what they are parts of.
  const before = parts.map(table => `delete from ${table} where ${of(table, 'T-2003')};`).join('\n');
  await inTransaction(text.startsWith('delete from tickets') ? before + text : text);
  expect(await panes().read(panes().dana, 'tickets', { id: 'T-2003' })).toMatchObject([{}]);
});

test.each(['T-2001', 'T-2002', 'T-2003'])(
  'nothing of %s is carried to another business, whether the visit is over or not',
  async reference => {
    const { bright, clear } = panes();
    const carry = (table: string, organization: string) =>
      `update ${table} set organization_id = '${organization}' where ${of(table, reference)}`;
    for (const table of ['tickets', 'ticket_lines', 'time_entries']) {
      const away = asApplication(panes(), bright, literally(carry(table, clear.id)));
      await expect(away, table).rejects.toMatchObject(reference === 'T-2003' ? denied : final);
      const stay = asApplication(panes(), bright, literally(carry(table, bright.id)));
      if (reference === 'T-2003') expect(await stay, table).toBeGreaterThan(0);
      else await expect(stay, table).rejects.toMatchObject(final);
    }
    // Who goes cannot be changed at all, only taken off and put on.
    const who = asApplication(panes(), bright, literally(carry('ticket_technicians', clear.id)));
    await expect(who).rejects.toMatchObject(denied);
  },
);

test('a row that comes in with the number of a closed visit does not take its place', async () => {
  const put = (reference: string) =>
    asApplication(
      panes(),
      panes().bright,
      sql`
      insert into tickets
      select *
      from tickets
      where reference = ${reference}
      on conflict (organization_id, id) do update set notes = 'over it'`,
    );
  await expect(put('T-2001')).rejects.toMatchObject(final);
  await expect(put('T-2002')).rejects.toMatchObject(final);
  expect(await put('T-2003')).toBe(1);
});

test('not even the owner of the tables carries a line of a final visit to another business', async () => {
  const { done, bright, clear } = panes();
  const customer = await done(clear.owner, 'contact.create', { full_name: 'Una Bell' });
  const other = await done(clear.owner, 'ticket.create', {
    contact_id: customer.id,
    scheduled_at: '2026-11-19T09:00',
    duration_minutes: 60,
  });
  const carry = (reference: string) =>
    inTransaction(
      `update ticket_lines set organization_id = '${clear.id}', ticket_id = '${String(other.id)}', service_id = null
        where organization_id = '${bright.id}' and ticket_id = (
          select id from tickets where organization_id = '${bright.id}' and reference = '${reference}'
        )`,
    );
  await expect(carry('T-2001')).rejects.toMatchObject(final);
  await expect(carry('T-2002')).rejects.toMatchObject(final);
  await expect(carry('T-2003')).resolves.toBeUndefined();
});
