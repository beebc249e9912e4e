import { beforeAll, describe, expect, test } from 'vitest';
import { paperRow, writePaper } from '../../core/invoices/paper.ts';
import { calls, views } from '../contracts/registered.ts';
import { closedVisit } from '../invoices/billing.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { wordsOfPdf } from '../support/pdf-words.ts';

// Nothing of ours is made to hold the number of a card, and one that is typed into a free text is taken out of it (STR-01).

const panes = useBrightPanes();
const card = '4242 4242 4242 4242';
const trace = /4242[\s.-]?4242/;

/** What would be made for a card: its number, its code, until when it is good, whose it is. */
const forCards =
  /(card|account|acct)_?(number|no|num|holder|code)|^pan$|_pan$|cvv|cvc|csc|security_code|(^|_)cc(_|$)|iban|exp_?(month|year|date)$/;

describe('nothing is made for a card', () => {
  test('no column of the database', async () => {
    const { rows } = await panes().database.owner.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`,
    );
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.map(({ name }) => name).filter(name => forCards.test(name.split('.')[1] ?? ''))).toEqual([]);
    // The rule finds what it is for.
    for (const name of ['card_number', 'cvc', 'account_number', 'exp_year', 'cc_number', 'cardnumber'])
      expect([name, forCards.test(name)]).toEqual([name, true]);
  });

  test('no field, no input and no filter', () => {
    const { registry } = panes().app;
    const names = [
      ...[...registry.records.values()].flatMap(record => Object.keys(record.fields)),
      ...calls.flatMap(({ inputSchema }) => membersOf(inputSchema)),
      ...views.flatMap(({ paramsSchema }) => membersOf(paramsSchema)),
    ];
    expect(names.length).toBeGreaterThan(500);
    expect(names.filter(name => forCards.test(name.replace(/[A-Z]/g, at => `_${at.toLowerCase()}`)))).toEqual(
      [],
    );
  });
});

function membersOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([name, value]) => [
    ...(name === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []),
    ...membersOf(value),
  ]);
}

describe('a card number that is typed into a text about money', () => {
  beforeAll(async () => {
    const { done, dana, olivia } = panes();
    const said = (what: string) => `${what} ${card}`;
    const { reference } = await done(dana, 'invoice.create', {
      contact_id: 'C-1001',
      description: said('For'),
      notes: said('Notes'),
      terms_and_conditions: said('Terms'),
      footer: said('Footer'),
      internal_notes: said('Internal'),
      tags: [said('Tag')],
      custom_fields: { po_number: said('PO') },
      lines: [{ description: said('Line'), unit_price_cents: 12_000 }],
    });
    const invoice_id = String(reference);
    await done(dana, 'invoice.add_line', { invoice_id, description: said('Added'), unit_price_cents: 100 });
    await done(dana, 'invoice.update_line', { invoice_id, line_id: '2', description: said('Changed') });
    await done(dana, 'invoice.send', { invoice_id });
    const paid = { invoice_id, amount_cents: 5_000, note: said('Paid by') };
    const { payment } = await done(olivia, 'invoice.record_payment', paid);
    await done(olivia, 'payment.update', { payment_id: String(payment), note: said('Rather') });
    await done(olivia, 'payment.refund', {
      payment_id: String(payment),
      amount_cents: 100,
      reason: 'other',
      note: said('Back to'),
    });
    await done(olivia, 'invoice.void', { invoice_id, reason: said('Because of') });
    const ticket_id = await closedVisit(panes());
    const visit = await done(dana, 'invoice.create_from_ticket', { ticket_id });
    await done(dana, 'invoice.cancel', { invoice_id: String(visit.reference), reason: said('Paid with') });
  });

  test('stands in no row, no history, no queue, no search, and no paper', async () => {
    const { database, read, olivia } = panes();
    const { rows: tables } = await database.owner.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    );
    const found: string[] = [];
    let redacted = 0;
    for (const { name } of tables) {
      const { rows } = await database.owner.query<{ row: string }>(`select t::text as row from ${name} as t`);
      found.push(...rows.filter(({ row }) => trace.test(row)).map(({ row }) => `${name}: ${row}`));
      redacted += rows.filter(({ row }) => row.includes('[REDACTED CARD ..4242]')).length;
    }
    expect(found).toEqual([]);
    // All of it was there, and was taken out.
    expect(redacted).toBeGreaterThan(15);
    const [paper] = await read(olivia, 'invoice_paper', { params: { invoice_id: 'INV-2026-001' } });
    const words = await wordsOfPdf(await writePaper(paperRow.parse(paper)));
    expect(words).toContain('[REDACTED CARD ..4242]');
    expect(words).not.toMatch(trace);
  });

  test('is taken out by the database too, should our code forget it', async () => {
    const { database, bright } = panes();
    const texts: Readonly<Record<string, readonly string[]>> = {
      invoice_lines: ['description'],
      invoices: ['description', 'notes', 'terms_and_conditions', 'footer', 'internal_notes', 'end_reason'],
      payments: ['note'],
      refunds: ['note'],
    };
    for (const [table, columns] of Object.entries(texts)) {
      for (const column of columns) {
        const { rows } = await database.owner.query<{ trigger: string }>(
          `select pg_get_triggerdef(oid) as trigger from pg_trigger where tgrelid = $1::regclass and tgname = 'redact'`,
          [table],
        );
        expect({ [`${table}.${column}`]: rows[0]?.trigger ?? '' }).toEqual({
          [`${table}.${column}`]: expect.stringContaining(`'${column}'`),
        });
      }
    }
    const { rows } = await database.owner.query(
      `with actor as (select set_config('app.actor', '{"kind": "system", "name": "test"}', true))
       update payments set note = $2 from actor where organization_id = $1 returning note`,
      [bright.id, card],
    );
    expect(rows).toEqual([{ note: '[REDACTED CARD ..4242]' }]);
  });
});
