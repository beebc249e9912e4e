import type { ClientBase, Pool } from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Sql, sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asApplication, asTableOwner, closeTicket } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

/** Books a visit with lines, a technician and a clocked time. */
async function bookWhole(day: string, hour: number): Promise<string> {
  const { book, dana, done } = panes();
  const at = String(hour).padStart(2, '0');
  const { id, reference } = await book(`${day}T${at}:00`, {
    lines: ['S-1', 'S-3'],
    technician_ids: ['Theo'],
  });
  await done(dana, 'ticket.clock_in', { ticket_id: id, at: '2026-11-18T04:00' });
  await done(dana, 'ticket.clock_out', { ticket_id: id, at: '2026-11-18T04:30' });
  return String(reference);
}

// T-2001 is closed, T-2002 cancelled; T-2003 is open with the same parts and shows that each change is otherwise fine.
beforeAll(async () => {
  const { done, dana } = panes();
  for (const hour of [8, 10, 12]) await bookWhole('2026-11-18', hour);
  await closeTicket(panes(), 'T-2001');
  await done(dana, 'ticket.cancel', { ticket_id: 'T-2002' });
});

const changes: [string, Record<string, unknown>][] = [
  ['ticket.update', { notes: 'new' }],
  ['ticket.update', { clear: ['address_id'] }],
  ['ticket.add_line', { service_id: 'S-1' }],
  ['ticket.update_line', { line_id: '1', unit_price_cents: 1 }],
  ['ticket.remove_line', { line_id: '1' }],
  ['ticket.assign_technician', { technician_id: 'Tess' }],
  ['ticket.unassign_technician', { technician_id: 'Theo' }],
  ['ticket.reschedule', { scheduled_at: '2026-12-24T09:00' }],
  ['ticket.reschedule', { duration_minutes: 90 }],
  ['ticket.confirm', {}],
  ['ticket.clock_in', { technician_id: 'Tess' }],
  ['ticket.clock_out', { technician_id: 'Tess' }],
  ['ticket.cancel', {}],
];

describe.each(changes)('%s %j', (action, data) => {
  const call = (ticket_id: string) => panes().act(panes().dana, action, { ticket_id, ...data });

  test('is refused on a closed visit', async () => {
    expect(await refusal(call('T-2001'))).toEqual({
      code: 'TICKET_CLOSED',
      message: 'T-2001 is closed; nothing on it can change any more.',
      hint: 'To charge another amount, invoice.create makes a bill of your own lines; or write a note with note.create, or book a new visit.',
    });
  });

  test('is refused on a cancelled visit and works on an open one', async () => {
    expect(await refusal(call('T-2002'))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'T-2002 is cancelled, which is final.',
    });
    expect((await call('T-2003')).status).toBe('done');
  });
});

describe('SQL past every action', () => {
  const final = { constraint: 'tickets_final' };
  const from = (table: string, reference: string) =>
    `${table} where ticket_id = (select id from tickets where reference = '${reference}')`;
  const value = (column: string, table: string, reference: string) =>
    `(select ${column} from ${from(table, reference)} limit 1)`;

  /** An open visit. */
  let open: string;
  beforeAll(async () => {
    open = await bookWhole('2026-12-09', 9);
  });

  /** Statements that touch one visit, each in its own way. `other` is an open one. */
  const statements = (reference: string, other: string): Record<string, string> => ({
    'the row': `update tickets set notes = 'x' where reference = '${reference}'`,
    'its status': `update tickets set status = 'scheduled', cancelled_at = null where reference = '${reference}'`,
    'its time': `update tickets set duration_minutes = 30, ends_at = scheduled_at + interval '30 minutes'
      where reference = '${reference}'`,
    'a price': `update ${from('ticket_lines', reference).replace(' where', ' set total_cents = 1 where')}`,
    'a line away from it': `update ticket_lines set ticket_id = (select id from tickets where reference = '${other}')
      where id = ${value('id', 'ticket_lines', reference)}`,
    'a line onto it': `update ticket_lines set ticket_id = (select id from tickets where reference = '${reference}')
      where id = ${value('id', 'ticket_lines', other)}`,
    'a new line': `insert into ticket_lines (organization_id, id, ticket_id, position, description, pricing,
        unit_price_cents, total_cents)
      select organization_id, gen_random_uuid(), id, 9, 'x', 'fixed', 1, 1
      from tickets where reference = '${reference}'`,
    'a clock': `update ${from('time_entries', reference).replace(' where', ' set clocked_out_at = now() where')}`,
    'a clock away from it': `update time_entries set ticket_id = (select id from tickets where reference = '${other}')
      where id = ${value('id', 'time_entries', reference)}`,
    'a clock onto it': `update time_entries set ticket_id = (select id from tickets where reference = '${reference}')
      where id = ${value('id', 'time_entries', other)}`,
    'a new clock': `insert into time_entries (organization_id, id, ticket_id, technician_id, clocked_in_at, clocked_out_at)
      select t.organization_id, gen_random_uuid(), t.id, m.id, now(), now()
      from tickets as t, members as m where t.reference = '${reference}' and m.name = 'Tess'`,
    'a technician less': `delete from ${from('ticket_technicians', reference)}`,
    'a technician more': `insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
      select t.organization_id, gen_random_uuid(), t.id, m.id, 'empty', false
      from tickets as t, members as m where t.reference = '${reference}' and m.name = 'Olivia Bright'`,
  });
  const forOwnersOnly = (reference: string): Record<string, string> => ({
    'its removal': `delete from tickets where reference = '${reference}'`,
    'a line less': `delete from ${from('ticket_lines', reference)}`,
    'a clock less': `delete from ${from('time_entries', reference)}`,
    'another technician': `update ${from('ticket_technicians', reference).replace(
      ' where',
      ` set technician_id = (select id from members where name = 'Olivia Bright') where`,
    )}`,
  });

  test.each(['T-2001', 'T-2002'])(
    'does not change %s with the rights of the application',
    async reference => {
      for (const [what, text] of Object.entries(statements(reference, open))) {
        await expect(asApplication(panes(), panes().bright, literally(text)), what).rejects.toMatchObject(
          final,
        );
      }
    },
  );

  test.each(['T-2001', 'T-2002'])(
    'does not change %s with the rights of the tables’ owner',
    async reference => {
      const all = { ...statements(reference, open), ...forOwnersOnly(reference) };
      for (const [what, text] of Object.entries(all)) {
        await expect(asTableOwner(panes(), text), what).rejects.toMatchObject(final);
      }
    },
  );

  test('would change an open visit: the same statements run there', async () => {
    const reference = await bookWhole('2026-12-10', 9);
    const other = await bookWhole('2026-12-10', 12);
    for (const [what, text] of Object.entries(statements(reference, other))) {
      const touched = await asApplication(panes(), panes().bright, literally(text));
      expect(touched, what).toBeGreaterThan(0);
    }
    const third = await bookWhole('2026-12-10', 15);
    const { 'its removal': removal = '', ...parts } = forOwnersOnly(third);
    // The technician is changed, and taken off, before the visit goes.
    const last = `delete from ${from('ticket_technicians', third)}`;
    for (const text of [...Object.values(parts).reverse(), last, removal]) {
      expect((await asTableOwner(panes(), text)).rowCount, text).toBeGreaterThan(0);
    }
  });
});

test('a note can still be written about a final visit, and it is still read', async () => {
  const { dana, done, read } = panes();
  for (const ticket_id of ['T-2001', 'T-2002']) {
    const note = await done(dana, 'note.create', { ticket_id, content: 'Left the ladder there' });
    expect(note).toMatchObject({ content: 'Left the ladder there' });
  }
  expect(await read(dana, 'tickets', { id: 'T-2001', include: ['line_items'] })).toMatchObject([
    { status: 'closed', total_cents: 15_500, line_items: [{}, {}] },
  ]);
});

test('a change that meets the closing of the visit at the same moment either comes before it or is refused', async () => {
  const { book, database, bright } = panes();
  const { reference } = await book('2026-12-11T09:00', { lines: ['S-1'] });
  const closing = await database.owner.connect();
  try {
    await closing.query('begin');
    await closing.query(`select set_config('app.actor', '{"kind": "system", "name": "close-out"}', true)`);
    await closing.query(`update tickets set status = 'closed' where reference = $1`, [reference]);
    const adding = asApplication(
      panes(),
      bright,
      sql`
      insert into ticket_lines (organization_id, id, ticket_id, position, description, pricing, unit_price_cents, total_cents)
      select organization_id, gen_random_uuid(), id, 9, 'x', 'fixed', 1, 1
      from tickets
      where reference = ${String(reference)}`,
    );
    adding.catch(() => undefined);
    await somebodyWaitsFor(closing, database.owner);
    await closing.query('commit');
    await expect(adding).rejects.toMatchObject({ constraint: 'tickets_final' });
  } finally {
    closing.release();
  }
});

const literally = (text: string): Sql => ({ text, values: [] });

/** Comes back when somebody waits for what this connection holds. */
async function somebodyWaitsFor(holder: ClientBase, owner: Pool): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waiting = () =>
    owner.query('select 1 from pg_stat_activity where $1::integer = any (pg_blocking_pids(pid))', [
      rows[0]?.pid,
    ]);
  await expect.poll(async () => (await waiting()).rowCount).toBeGreaterThan(0);
}
