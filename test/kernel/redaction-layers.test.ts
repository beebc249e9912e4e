import { describe, expect, test } from 'vitest';
import { sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asApplication, asTableOwner } from '../support/raw-sql.ts';

const panes = useBrightPanes();
const card = '4242 4242 4242 4242';
const ssn = '123-45-6789';
const told = `pays with ${card}, ssn ${ssn}, call 256-555-0142`;
const kept = 'pays with [REDACTED CARD ..4242], ssn [REDACTED SSN], call 256-555-0142';

/** Everything the database holds, as one text. */
async function everything(): Promise<string> {
  const { owner } = panes().database;
  const { rows } = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const texts = await Promise.all(
    rows.map(
      async ({ name }) => (await owner.query(`select json_agg(t)::text as text from "${name}" as t`)).rows[0],
    ),
  );
  return texts.map(row => String(row?.text)).join('\n');
}

describe('what people and agents write', () => {
  const fields: [string, string, Record<string, unknown>][] = [
    ['contact.create', 'notes', { full_name: 'Careless' }],
    ['contact.update', 'notes', { contact_id: 'C-1001' }],
    ['contact.set_preferences', 'note', { contact_id: 'C-1001' }],
    ['address.update', 'notes', { address_id: 'A-1001' }],
    ['company.create', 'notes', { name: 'Firm' }],
    ['service.update', 'description', { service_id: 'S-1' }],
    ['note.create', 'content', { contact_id: 'C-1001' }],
    ['ticket.create', 'notes', { contact_id: 'C-1001', scheduled_at: '2026-11-23T09:00' }],
    ['ticket.update', 'notes', { ticket_id: 'T-2001' }],
    ['ticket.cancel', 'cancel_reason', { ticket_id: 'T-2001' }],
  ];

  test.each(fields)('%s: card and social security numbers never stay in %s', async (action, field, data) => {
    const { agent, act, read, database } = panes();
    const reasoning = `The customer told us: ${told}`;
    const before = await database.owner.query('select count(*)::integer as n from security_events');
    const outcome = await act(agent, action, { ...data, [field]: told }, { reasoning });
    expect(outcome.warnings).toEqual([
      'A card number and a social security number were removed from "reasoning": such numbers are not kept here.',
      `A card number and a social security number were removed from "${field}": such numbers are not kept here.`,
    ]);
    expect(JSON.stringify(outcome.data)).toContain(kept);
    const { rows } = await database.owner.query(
      `select kind, action, field, details, actor_kind, actor_name
      from security_events
      order by id
      offset $1`,
      [before.rows[0]?.n],
    );
    const event = { kind: 'redaction', action, actor_kind: 'agent', actor_name: 'Office Manager' };
    expect(rows).toEqual([
      { ...event, field: 'reasoning', details: { kinds: ['CARD', 'SSN'] } },
      { ...event, field, details: { kinds: ['CARD', 'SSN'] } },
    ]);
    const [entry] = await read(agent, 'audit_log', { limit: 1 });
    expect(entry).toMatchObject({ reasoning: `The customer told us: ${kept}` });
  });

  test('and nowhere else in the database either: history, search, answers, requests, mails', async () => {
    const { agent, act, dana } = panes();
    await act(dana, 'note.create', { contact_id: 'C-1002', content: told }, { idempotency_key: 'kept' });
    await act(
      agent,
      'contact.delete',
      { contact_id: 'C-1002' },
      { reasoning: `${told} and wants to be deleted` },
    );
    const all = await everything();
    expect(all).toContain('[REDACTED CARD ..4242]');
    expect(all).toContain('authorization');
    expect(all.match(/4242[ -]?4242/g)).toBeNull();
    expect(all).not.toContain(ssn);
  });

  test('what only looks like it stays, and warns of nothing', async () => {
    const { dana, act } = panes();
    const content =
      'call 256-555-0142 or 256-555-0143, zip 35758-1234, order ORD-20260115-000123, on 2026-11-23';
    const outcome = await act(dana, 'note.create', { contact_id: 'C-1001', content });
    expect(outcome).toMatchObject({ warnings: [], data: { content } });
  });

  test('names and references are texts too; what is too short for the whole marker has a short one', async () => {
    const { dana, act } = panes();
    const outcome = await act(dana, 'contact.create', {
      full_name: 'Card 4242424242424242',
      source_ref: '4242424242424242',
      phone: '(256) 555-0142',
    });
    expect(outcome).toMatchObject({
      data: {
        full_name: 'Card [REDACTED CARD ..4242]',
        source_ref: '[REDACTED CARD ..4242]',
        phone: '+12565550142',
      },
    });
    expect(outcome.warnings.slice(0, 2)).toEqual([
      'A card number was removed from "full_name": such numbers are not kept here.',
      'A card number was removed from "source_ref": such numbers are not kept here.',
    ]);
    const address = await act(dana, 'address.update', {
      address_id: 'A-1001',
      postal_code: '4242424242424242',
    });
    expect(address.data.postal_code).toBe('[REDACTED]');
  });
});

describe('what reaches the tables by SQL', () => {
  const columns: [string, string, string][] = [
    ['contacts', 'notes', `reference = 'C-1001'`],
    ['addresses', 'notes', `reference = 'A-1001'`],
    ['companies', 'notes', `reference = 'CO-101'`],
    ['notes', 'content', `reference = 'N-1001'`],
    ['tickets', 'notes', `status = 'scheduled'`],
    ['tickets', 'cancel_reason', `status = 'scheduled'`],
  ];

  test.each(columns)('is redacted by the database: %s.%s', async (table, column, where) => {
    await panes().book('2026-12-01T09:00');
    const text = `update ${table} set ${column} = $1 where ${where}`;
    const read = async () => {
      const { rows } = await asTableOwner(
        panes(),
        `select ${column} as text from ${table} where ${where} limit 1`,
      );
      return rows[0]?.text;
    };
    await asTableOwner(panes(), text, [told]);
    expect(await read()).toBe(kept);
    await asTableOwner(panes(), text, ['nothing to hide']);
    expect(await asApplication(panes(), panes().bright, { text, values: [told] })).toBeGreaterThan(0);
    expect(await read()).toBe(kept);
  });

  test('is redacted in every column that people write sentences into', async () => {
    const { rows } = await panes().database.owner.query<{ name: string; definition: string }>(
      `select tgrelid::regclass::text as name, pg_get_triggerdef(oid) as definition
      from pg_trigger
      where not tgisinternal
        and tgfoid = 'redact_columns'::regproc`,
    );
    const covered = rows.flatMap(({ name, definition }) => {
      const columns = [...definition.matchAll(/'(\w+)'/g)].map(([, column = '']) => column);
      // "before insert", and "or update of" each of them, or of the whole row.
      const isSeen = (column: string) =>
        /BEFORE INSERT OR UPDATE(?! OF)/.test(definition) ||
        new RegExp(`BEFORE INSERT OR UPDATE OF [^)]*\\b${column}\\b.* ON `).test(definition);
      return columns.filter(isSeen).map(column => `${name}.${column}`);
    });
    const written = [...panes().app.registry.records.values()].flatMap(({ table, fields = {} }) =>
      Object.entries(fields).flatMap(([column, { kind }]) =>
        kind === 'long_text' ? [`${table}.${column}`] : [],
      ),
    );
    expect(written.length).toBeGreaterThan(15);
    expect(written.filter(column => !covered.includes(column))).toEqual([]);
  });

  test('is redacted on the way in, and so in the history', async () => {
    const { bright, read, dana } = panes();
    await asApplication(
      panes(),
      bright,
      sql`
      insert into notes (organization_id, id, reference, contact_id, content)
      select organization_id, gen_random_uuid(), 'N-9999', id, ${told}
      from contacts
      where reference = 'C-1001'`,
    );
    expect(await read(dana, 'notes', { id: 'N-9999' })).toMatchObject([{ content: kept }]);
    const [entry] = await read(dana, 'audit_log', { params: { entity_type: 'note' }, limit: 1 });
    expect(entry?.changes).toMatchObject({ content: { new: kept } });
  });
});
