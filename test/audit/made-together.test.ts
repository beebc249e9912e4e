import type pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// The rows of a statement are written into the history together (core/decisions/089), as row by row they would be.

const panes = useBrightPanes();

let client: pg.PoolClient;
beforeEach(async () => {
  client = await panes().database.owner.connect();
  await client.query('begin');
  const actor = {
    kind: 'user',
    id: panes().bright.people.Dana?.id,
    name: 'Dana',
    action: 'a.test',
    request_id: 'made',
  };
  await client.query(`select set_config('app.actor', $1, true)`, [JSON.stringify(actor)]);
});
afterEach(async () => {
  await client.query('rollback');
  client.release();
});

/** What the entries say that a piece of work leaves, in their order. */
async function entriesOf(work: () => Promise<unknown>) {
  const { rows: last } = await client.query<{ id: string }>(
    'select id from audit_log order by id desc limit 1',
  );
  await work();
  const { rows } = await client.query(
    `select to_jsonb(a) - '{id, created_at}'::text[] as entry from audit_log as a where id > $1 order by id`,
    [last[0]?.id],
  );
  return rows.map(({ entry }) => entry);
}

/** A table like another, with the history written row by row or together. */
async function twinOf(table: string, how: 'row by row' | 'together'): Promise<string> {
  const { rows } = await client.query<{ arguments: string }>(
    `select substring(pg_get_triggerdef(oid) from 'audit_made(\\(.*\\))$') as arguments
     from pg_trigger where tgrelid = $1::regclass and tgname = 'audit_made'`,
    [table],
  );
  const name = how === 'together' ? 'made_together' : 'made_one_by_one';
  const [when, by] =
    how === 'together'
      ? ['insert', 'referencing new table as made for each statement execute function audit_made']
      : ['insert or update', 'for each row execute function audit_row'];
  await client.query(`
    create table ${name} (like ${table} including defaults);
    alter table ${name} add column gone text default 'x', add column sent jsonb;
    alter table ${name} drop column gone;
    create trigger audit_made after ${when} on ${name} ${by}${rows[0]?.arguments}`);
  return name;
}

const columnsOf = async (table: string) => {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  );
  return rows.map(({ name }) => name).join(', ');
};

describe('rows of one statement', () => {
  beforeAll(async () => {
    const { dana, done, book } = panes();
    const company = await done(dana, 'company.create', { name: 'Acme Glass' });
    await done(dana, 'contact.create', {
      full_name: 'Ann Ray',
      company_id: company.id,
      tags: ['old', 'new'],
    });
    const lead = await done(dana, 'lead.create', { raw_notes: 'Otto Lind, gutters', source: 'phone_call' });
    await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Two dogs, "Bo" and Max' });
    await done(dana, 'note.create', { lead_id: lead.id, content: 'Calls again\non Monday' });
    await book('2026-11-24T10:00', { services: ['S-1'] });
    const line = { description: 'Gutters', quantity: 2, unit_price_cents: 12_000 };
    await done(dana, 'invoice.create', { contact_id: 'C-1001', lines: [line, line] });
  });

  test.each([
    'companies',
    'contacts',
    'addresses',
    'notes',
    'tickets',
    'ticket_lines',
    'invoices',
    'invoice_lines',
  ])('of %s leave the entries that one by one they would', async table => {
    const columns = await columnsOf(table);
    const fill = (name: string) => () =>
      client.query(`
        insert into ${name} (${columns}, sent)
        select ${columns}, value
        from ${table}
        cross join unnest('{null, "null", "{}", "[]", "{\\"old\\": null, \\"new\\": [{}]}"}'::jsonb[]) as value
        order by id desc`);
    const one = await entriesOf(fill(await twinOf(table, 'row by row')));
    const all = await entriesOf(fill(await twinOf(table, 'together')));
    expect(one.length).toBeGreaterThan(4);
    expect(all).toEqual(one);
  });

  test('are made or changed: what is there already is told as changed, and no row as nothing', async () => {
    const columns = await columnsOf('companies');
    const leave = (name: string, which: string) => () =>
      client.query(`
        insert into ${name} (${columns})
        select ${columns} from companies where ${which}
        on conflict (organization_id, id) do update set name = 'Acme'`);
    const together = await twinOf('companies', 'together');
    await client.query(`
      alter table ${together} add primary key (organization_id, id);
      create trigger audit after update on ${together} for each row execute function audit_row('company')`);
    expect(await entriesOf(leave(together, 'false'))).toEqual([]);
    expect(await entriesOf(leave(together, 'true'))).toMatchObject([
      { action: 'create', entity_type: 'company', changes: { name: { old: null, new: 'Acme Glass' } } },
    ]);
    expect(await entriesOf(leave(together, 'true'))).toMatchObject([
      { action: 'update', entity_type: 'company', changes: { name: { old: 'Acme Glass', new: 'Acme' } } },
    ]);
  });

  test('have what a column says that came while a program was connected', async () => {
    const columns = await columnsOf('companies');
    const together = await twinOf('companies', 'together');
    const add = (more: string) => () =>
      client.query(
        `insert into ${together} (${columns} ${more && ', since'}) select ${columns} ${more} from companies`,
      );
    expect(await entriesOf(add(''))).toHaveLength(1);
    await client.query(`alter table ${together} add column since text`);
    expect(await entriesOf(add(`, 'now'`))).toMatchObject([
      { changes: { since: { old: null, new: 'now' } } },
    ]);
  });
});
