import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { as, useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { customer, squareCsv } from './square-files.ts';

const office = useOffice();
const fixture = readFileSync(new URL('../fixtures/square-customers.csv', import.meta.url), 'utf8');

const bring = (content: string, more: Record<string, unknown> = {}) =>
  office().done(office().bright.owner, 'import.square', { content, ...more });
const find = (search: string, include: string[] = []) =>
  office().read(office().bright.owner, 'contacts', { search, include });
const count = async (table: string) =>
  Number(
    (await office().database.owner.query(`select count(*) as n from ${table} where deleted_at is null`))
      .rows[0]?.n,
  );

describe('a dry run', () => {
  test('reports what would happen and leaves nothing', async () => {
    expect(await bring(fixture, { dry_run: true })).toMatchObject({
      import: null,
      dry_run: true,
      rows_read: 483,
      contacts_in_file: 478,
      created: 0,
      already_known: 0,
    });
    expect(await count('contacts')).toBe(0);
    expect(await office().read(office().bright.owner, 'imports')).toEqual([]);
  });
});

describe('the export of 483 rows', () => {
  let report: Record<string, unknown> = {};
  beforeAll(async () => {
    report = await bring(fixture, { file_name: 'customers.csv' });
  });

  test('becomes 478 customers with their addresses and notes, in one batch', async () => {
    expect(report).toEqual({
      import: 'I-1',
      dry_run: false,
      rows_read: 483,
      contacts_in_file: 478,
      created: 478,
      already_known: 0,
      addresses: await count('addresses'),
      notes: await count('notes'),
      refused: [],
      known: [],
      notices: expect.any(Array),
      omitted: { known: 0, notices: 132 },
      unknown_columns: [],
    });
    expect(await count('contacts')).toBe(478);
    expect(await office().read(office().bright.owner, 'imports')).toMatchObject([
      {
        reference: 'I-1',
        source: 'square',
        file_name: 'customers.csv',
        rows_read: 483,
        created_count: 478,
        known_count: 0,
      },
    ]);
    const batch = { params: { import_id: 'I-1' }, limit: 100 };
    expect(await office().read(office().bright.owner, 'contacts', batch)).toHaveLength(100);
  });

  test('keeps everything about a customer who was in it twice', async () => {
    const [stanley] = await find("Stanley O'Brien", ['addresses', 'audit_trail']);
    expect(stanley).toMatchObject({
      email: 'stanley.obrien42@example.org',
      phone: null,
      full_name: "Stanley O'Brien",
    });
    expect(stanley?.addresses).toMatchObject([
      { line1: '12 Balmoral Dr', city: 'Huntsville', postal_code: '35802' },
      { line1: '5489 Balmoral Dr', city: 'Owens Cross Roads', postal_code: '35763' },
    ]);
    const [whole] = await office().read(office().bright.owner, 'contacts', { id: String(stanley?.id) });
    expect(whole).toMatchObject({
      source: 'import_csv',
      source_ref: 'SQ11D0000B',
      email_opt_in: true,
      custom_fields: { birthday: '04-19', lifetime_spend_cents: '371050', creation_source: 'IMPORT' },
    });
    const notes = await office().read(office().bright.owner, 'notes', {
      params: { contact_id: String(stanley?.id) },
    });
    expect(notes).toMatchObject([{ content: 'Has rental at 12 Balmoral Dr too', source: 'import' }]);
    expect(stanley?.audit_trail).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          entity_type: 'contact',
          domain_action: 'import.square',
          actor_name: 'Olivia Bright',
        }),
      ]),
    );
  });

  test('reads the telephone numbers that Square protects with an apostrophe', async () => {
    const { rows } = await office().database.owner.query(
      `select count(*)::integer as n from contacts where phone is not null and phone !~ '^\\+[1-9][0-9]{7,14}$'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
    expect(await count('contacts')).toBeGreaterThan(400);
  });

  test('loses card and social security numbers on the way, and records where', async () => {
    const [careless] = await find('on file ssn');
    const notes = await office().read(office().bright.owner, 'notes', {
      params: { contact_id: String(careless?.id) },
    });
    expect(notes).toMatchObject([{ content: 'card [REDACTED CARD ..1111] on file, ssn [REDACTED SSN]' }]);
    const { rows } = await office().database.owner.query(
      `select action, field, details from security_events where details -> 'kinds' ? 'CARD'`,
    );
    expect(rows).toEqual([{ action: 'import.square', field: 'memo', details: { kinds: ['CARD', 'SSN'] } }]);
    const everything = await office().database.owner.query(
      `select json_agg(a)::text as text from audit_log as a`,
    );
    expect(everything.rows[0]?.text).not.toContain('4111-1111');
    expect(everything.rows[0]?.text).not.toContain('123-45-6789');
  });

  test('is found by every word at once', async () => {
    expect(await find('stanley brien balmoral')).toMatchObject([{ full_name: "Stanley O'Brien" }]);
    const [row] = await find('vernon smiht hampton cove');
    expect(row).toMatchObject({ full_name: 'Vernon Smith' });
  });

  test('a second time adds nobody, and says who is who', async () => {
    const again = await bring(fixture);
    expect(again).toMatchObject({ import: 'I-2', created: 0, already_known: 478, addresses: 0, notes: 0 });
    expect(again.known).toHaveLength(100);
    expect(again.omitted).toMatchObject({ known: 378 });
    expect(await count('contacts')).toBe(478);
    const [first] = await office().read(office().bright.owner, 'contacts', { id: 'C-1001' });
    expect(again.known).toEqual(
      expect.arrayContaining([{ rows: [2], name: first?.full_name, contact: 'C-1001' }]),
    );
  });

  test('is taken back as a whole, once, and can then be imported anew', async () => {
    const { bright, act, done, read } = office();
    const undo = () => act(bright.owner, 'import.undo', { import_id: 'I-1' });
    const [jane] = await read(bright.owner, 'contacts', { id: 'C-1001' });
    const booked = { contact_id: jane?.id, scheduled_at: '2026-11-23T09:00' };
    const { id } = await done(bright.owner, 'ticket.create', booked);
    expect(await refusal(undo())).toMatchObject({
      code: 'INVALID_STATE',
      message: 'Customers of this import have visits by now.',
      contacts: [`C-1001 ${jane?.full_name}`],
    });
    // As if the visit had never been booked.
    await asTableOwner(office(), 'delete from tickets where id = $1', [id]);
    expect(await undo()).toMatchObject({ data: { import: 'I-1', contacts_removed: 478 } });
    expect([await count('contacts'), await count('addresses'), await count('notes')]).toEqual([0, 0, 0]);
    expect(await find('balmoral')).toEqual([]);
    expect(await refusal(undo())).toMatchObject({ code: 'INVALID_STATE', message: 'I-1 was undone before.' });
    expect(await bring(fixture)).toMatchObject({ import: 'I-3', created: 478, already_known: 0 });
  });
});

describe('an export', () => {
  test('is not taken twice when two people import it at once', async () => {
    const file = squareCsv([
      customer('Ada', 'Byron', { phone: '256-555-0190' }),
      customer('Alan', 'Turing', { phone: '256-555-0191' }),
    ]);
    const reports = await Promise.all([bring(file), bring(file)]);
    expect(reports.map(report => report.created).sort()).toEqual([0, 2]);
    expect(await find('Byron')).toHaveLength(1);
  });

  test('finds customers somebody typed in before, by number and a name that fits', async () => {
    const { bright, done } = office();
    await done(bright.owner, 'contact.create', { full_name: 'Grace Hopper', phone: '(256) 555-0192' });
    const file = squareCsv([
      customer('Grace', 'Hopper', { phone: "'+12565550192" }),
      customer('Somebody', 'Else', { phone: '256 555 0192' }),
    ]);
    expect(await bring(file)).toMatchObject({
      created: 1,
      already_known: 1,
      known: [{ rows: [2], name: 'Grace Hopper' }],
    });
  });

  test('with columns Square does not have keeps them, and names every row that was not taken', async () => {
    const good = customer('Katherine', 'Johnson', { phone: '256-555-0193' });
    const file = squareCsv([
      { ...good, 'Gate Code': '4411' },
      { City: 'Madison', 'Gate Code': '' },
    ]);
    expect(await bring(file)).toMatchObject({
      created: 1,
      unknown_columns: ['Gate Code'],
      refused: [
        { row: 3, name: '', reason: expect.stringContaining('no name, company, e-mail address or phone') },
      ],
    });
    const [row] = await find('Katherine Johnson');
    const [whole] = await office().read(office().bright.owner, 'contacts', { id: String(row?.id) });
    expect(whole?.custom_fields).toMatchObject({ gate_code: '4411' });
    const [batch] = await office().read(office().bright.owner, 'imports', {
      sort: '-created_at',
      fields: ['refused'],
    });
    expect(batch?.refused).toMatchObject([{ row: 3 }]);
  });

  test('with a customer in a town without a street takes everybody, and keeps what is known of the place', async () => {
    const report = await bring(
      squareCsv([
        { ...customer('Tessa', 'Townley', { id: 'TOWN1' }), City: 'Madison', 'Postal Code': '35758' },
        { ...customer('Uma', 'Unitly', { id: 'TOWN2' }), 'Street Address 2': '8 Cove Road', City: 'Owens' },
        { ...customer('Vera', 'Village', { id: 'TOWN3' }), 'Street Address 1': '9 Hill Road' },
      ]),
    );
    expect(report).toMatchObject({ rows_read: 3, created: 3, addresses: 2, refused: [] });
    expect(report.notices).toEqual([
      {
        row: 2,
        message: 'The address has no street; it is kept as the custom field incomplete_address.',
      },
    ]);
    const [tessa] = await find('Townley', ['addresses']);
    expect(tessa?.addresses).toEqual([]);
    const [whole] = await office().read(office().bright.owner, 'contacts', { id: String(tessa?.id) });
    expect(whole?.custom_fields).toEqual({ incomplete_address: 'Madison, 35758, US' });
    expect((await find('Unitly', ['addresses']))[0]).toMatchObject({
      addresses: [{ line1: '8 Cove Road', line2: null, city: 'Owens' }],
    });
  });

  test('with cells longer than anybody can hold names those rows and takes the others', async () => {
    // Words that cannot be made shorter, as a file with a lost quotation mark has them in one cell.
    const long = (length: number) =>
      Array.from({ length: length / 5 }, (_, n) => ((n * 7919) % 60_466_176).toString(36).padStart(4, 'z'))
        .join(' ')
        .slice(0, length);
    const report = await bring(
      squareCsv([
        { ...customer('Wanda', 'Wordy', { id: 'LONG1' }), Memo: long(3_000_000) },
        { ...customer('Xena', long(5_000), { id: 'LONG2', email: 'xena@example.com' }) },
        { ...customer('Yara', 'Yonder', { id: long(5_000) }) },
        { ...customer('Zoe', 'Zimmer', { id: 'LONG4' }), Rooms: long(3_000_000) },
        { ...customer('Amy', 'Able', { id: 'LONG5' }), Memo: long(90_000) },
      ]),
    );
    expect(report.refused).toEqual([
      {
        row: 2,
        name: 'Wanda Wordy',
        reason: 'The cell "Memo" has 3000000 characters; at most 100000 can be taken.',
      },
      {
        row: 3,
        name: expect.stringMatching(/^Xena /),
        reason: 'The cell "Last Name" has 5000 characters; at most 200 can be taken.',
      },
      {
        row: 4,
        name: 'Yara Yonder',
        reason: 'The cell "Square Customer ID" has 5000 characters; at most 200 can be taken.',
      },
      {
        row: 5,
        name: 'Zoe Zimmer',
        reason: 'The cell "Rooms" has 3000000 characters; at most 100000 can be taken.',
      },
    ]);
    expect(report.created).toBe(1);
    expect(await find('Amy Able')).toHaveLength(1);
  });

  test('that is none is refused as a whole, with the columns that are missing', async () => {
    expect(await refusal(bring('Name,Phone\nJane,1\n'))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'content',
      missing_columns: expect.arrayContaining(['Email Address']),
      found_columns: ['Name', 'Phone'],
      hint: 'Export the customer directory in Square as CSV and hand it over unchanged.',
    });
    expect(await refusal(bring(''))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'content' });
  });

  test('in any encoding is handed over as bytes', async () => {
    const file = squareCsv([customer('Tomás', 'Núñez', { phone: '256-555-0194' })]);
    const content = Buffer.from(`\ufeff${file}`, 'utf16le').toString('base64');
    expect(await bring(content, { encoding: 'base64' })).toMatchObject({ created: 1 });
    expect(await find('tomas nunez')).toMatchObject([{ full_name: 'Tomás Núñez' }]);
  });

  test('stays in its business, and is not for technicians', async () => {
    const { bright, clear, act } = office();
    const file = { content: squareCsv([customer('Ada', 'Byron', { phone: '256-555-0190' })]) };
    expect(await refusal(act(as(bright, 'Theo'), 'import.square', file))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await act(clear.owner, 'import.square', file)).toMatchObject({
      data: { import: 'I-1', created: 1, already_known: 0 },
    });
    expect(await refusal(act(clear.owner, 'import.undo', { import_id: 'I-3' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
