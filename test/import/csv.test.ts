import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { notTakenCsv } from '../../core/import/not-taken.ts';
import { partsOf } from '../../core/import/parts.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const bring = (content: string, more: Record<string, unknown> = {}) =>
  panes().done(panes().olivia, 'import.csv', { content, ...more });
const bytes = (content: Buffer) => ({ content: content.toString('base64'), encoding: 'base64' });
const look = (data: Record<string, unknown>) => panes().done(panes().olivia, 'import.preview_csv', data);
const fixture = (name: string) => readFileSync(new URL(`../fixtures/vcard/${name}`, import.meta.url));

test.each([
  {
    what: 'a file that is no text',
    data: bytes(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x1a, 0x0a, 0x00, 0x03])),
    says: /^This is no text/,
  },
  {
    what: 'one line without columns',
    data: { content: 'Dear Olivia please call me back.' },
    says: /^This file is no table/,
  },
  { what: 'a heading alone', data: { content: 'Name,Email\n\n' }, says: /^There is no row in this file/ },
  {
    what: 'a calendar without visits',
    data: { content: 'BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n' },
    says: /^This calendar has no events in it/,
  },
])('$what is refused, looked at and imported alike', async ({ data, says }) => {
  for (const action of ['import.preview_csv', 'import.csv']) {
    expect(await refusal(panes().done(panes().olivia, action, data))).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringMatching(says),
      field: 'content',
      hint: expect.any(String),
    });
  }
  expect(await panes().read(panes().olivia, 'imports', {})).toEqual([]);
});

describe('a list of customers from any program', () => {
  const content =
    'Name,E-mail,Phone,Street,City,Zip,Gate\nAda Byron,ada@example.com,(256) 555-0199,12 Elm St,Madison,35758,4411\n';

  test('comes in by the names of its columns, what nobody knows as a custom field; the same again is nothing new', async () => {
    expect(await look({ content })).toMatchObject({
      kind: 'contacts',
      mapping: { Name: 'full_name', Zip: 'address.postal_code', Gate: 'custom' },
      questions: [],
      remembered: false,
    });
    expect(await bring(content, { dry_run: true })).toMatchObject({
      import: null,
      taken_rows: 1,
      created: 1,
    });
    expect(await bring(content)).toMatchObject({ rows_read: 1, taken_rows: 1, created: 1, addresses: 1 });
    const [ada] = await panes().read(panes().olivia, 'contacts', {
      search: 'ada@example.com',
      fields: ['full_name', 'source', 'custom_fields'],
    });
    expect(ada).toMatchObject({
      full_name: 'Ada Byron',
      source: 'import_csv',
      custom_fields: { gate: '4411' },
    });
    expect(await bring(content)).toMatchObject({ rows_read: 1, taken_rows: 0, matched_rows: 1, created: 0 });
  });

  test('is read as somebody says, and such a file the same way the next time', async () => {
    const odd = 'Wer,Womit,Wo\nBob Hale,bob.hale@example.com,Huntsville\n';
    const mapping = { Wer: 'full_name', Womit: 'email', Wo: 'skip' };
    expect(await bring(odd, { kind: 'contacts', mapping })).toMatchObject({ taken_rows: 1 });
    expect(await look({ content: 'Wer,Womit,Wo\nZed Hale,zed@example.com,x\n' })).toMatchObject({
      remembered: true,
      mapping,
    });
    expect(await refusal(bring(odd, { mapping: { Wen: 'email' } }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'mapping.Wen',
      valid_options: ['Wer', 'Womit', 'Wo'],
    });
    expect(await refusal(bring(odd, { mapping: { Wer: 'emial' } }))).toMatchObject({
      field: 'mapping.Wer',
      valid_options: expect.arrayContaining(['email', 'custom', 'skip']),
    });
  });

  test.each([
    ['UTF-8', (text: string) => Buffer.from(text), ','],
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`), ';'],
    ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le'), '\t'],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), '|'],
    ['Windows-1252', (text: string) => Buffer.from(text, 'latin1'), ';'],
  ])('is read in %s', async (_, encode, separator) => {
    const text = [
      ['Name', 'Email', 'Notes'],
      ['Zoë Ünal', 'zoe@example.com', '"two\r\nlines"'],
    ]
      .map(cells => `${cells.join(separator)}\r\n`)
      .join('');
    expect(await look(bytes(encode(text)))).toMatchObject({
      separator,
      columns: ['Name', 'Email', 'Notes'],
      first_rows: [['Zoë Ünal', 'zoe@example.com', expect.stringMatching(/^two\r\nlines$/)]],
    });
  });

  test('keeps an apostrophe before a phone and a formula from doing anything, and takes both back', async () => {
    await bring("Name,Phone,Word\n'=cmd|' /C calc'!A0,'+12565550155,'=1+1\n");
    const [one] = await panes().read(panes().olivia, 'contacts', {
      search: '2565550155',
      fields: ['phone', 'custom_fields'],
    });
    expect(one).toMatchObject({ phone: '+12565550155', custom_fields: { word: '=1+1' } });
  });

  test('loses card numbers on the way, and an agent asks before it takes one', async () => {
    const card = `Name,Email,Notes\n${Array.from({ length: 7 }, (_, index) => `Card ${index},card${index}@example.com,pays 4111 1111 1111 1111`).join('\n')}\n`;
    const asked = await panes().act(
      panes().bright.agent,
      'import.csv',
      { content: card },
      { reasoning: 'The owner gave me this list' },
    );
    expect(asked.status).toBe('pending_authorization');
    await bring(card);
    const { rows } = await panes().database.owner.query(
      `select count(*)::integer as n from notes where content like '%4111 1111%'`,
    );
    expect(rows).toEqual([{ n: 0 }]);
  });
});

describe('what else a business brings', () => {
  test('its price list', async () => {
    const content = 'Service,Price,Unit\nGutter Guard,$120.00,\nFrench Pane,2.50,pane\nFree Look,,\n';
    const report = await bring(content, { kind: 'services' });
    expect(report).toMatchObject({ taken_rows: 3, created: 3 });
    const services = await panes().read(panes().olivia, 'services', { search: 'French Pane' });
    expect(services[0]).toMatchObject({ pricing: 'per_unit', price_cents: 250, unit: 'pane' });
    expect(await bring(content, { kind: 'services' })).toMatchObject({ taken_rows: 0, matched_rows: 3 });
    expect(
      await panes().done(panes().olivia, 'import.undo', { import_id: String(report.import) }),
    ).toMatchObject({ others_removed: 3 });
    expect(await bring(content, { kind: 'services' })).toMatchObject({ taken_rows: 3 });
  });

  test('companies, inquiries, and notes on customers who are here', async () => {
    expect(
      await bring('Company Name,Website,Phone\nOak HOA,https://oak.example,(256) 555-0101\n', {
        kind: 'companies',
      }),
    ).toMatchObject({ taken_rows: 1 });
    expect(
      await bring('Name,Phone,Message\nLou Lead,(256) 555-0102,Two storeys\n', { kind: 'leads' }),
    ).toMatchObject({ taken_rows: 1 });
    const notes = 'Customer,Date,Note\nJane Smith,2024-03-01,Gate code 12\nNobody Here,2024-03-01,x\n';
    expect(await bring(notes, { kind: 'notes' })).toMatchObject({
      taken_rows: 1,
      refused: [{ row: 3, reason: expect.stringContaining('Nobody here is this customer') }],
    });
    expect(await bring(notes, { kind: 'notes' })).toMatchObject({ taken_rows: 0, matched_rows: 1 });
  });

  test('cards of an address book, as four programs write them', async () => {
    for (const [name, cards] of [
      ['John_Doe_GMAIL.vcf', 1],
      ['John_Doe_ANDROID.vcf', 6],
      ['outlook-2003.vcf', 1],
      ['rfc6350-example.vcf', 1],
    ] as const) {
      const report = await bring('', { ...bytes(fixture(name)) });
      expect([name, report.rows_read, report.refused_rows]).toEqual([name, cards, 0]);
    }
    const [simon] = await panes().read(panes().olivia, 'contacts', {
      search: 'simon.perreault@viagenie.ca',
      include: ['addresses'],
    });
    expect(simon).toMatchObject({
      full_name: 'Simon Perreault',
      addresses: [{ line1: '2875 Laurier', city: 'Quebec' }],
    });
  });

  test('events of a calendar as past visits', async () => {
    const event = (uid: string, start: string, more = '') =>
      `BEGIN:VEVENT\nUID:${uid}\nDTSTART;TZID=America/New_York:${start}\nDTEND;TZID=America/New_York:20240312T110000\nSUMMARY:Windows\nATTENDEE;CN=Jane Smith:mailto:jane.smith@example.com\n${more}END:VEVENT\n`;
    const content = `BEGIN:VCALENDAR\nVERSION:2.0\n${event('a', '20240312T093000')}${event('b', '20310312T093000')}END:VCALENDAR\n`;
    const report = await bring(content, { answers: { services: 'text' } });
    expect(report).toMatchObject({ kind: 'tickets', taken_rows: 1, refused_rows: 1 });
    const visits = await panes().read(panes().olivia, 'tickets', { params: { contact_id: 'Jane Smith' } });
    expect(
      visits.map(({ scheduled_at, duration_minutes }) => [scheduled_at, duration_minutes]),
    ).toContainEqual([expect.stringMatching(/^2024-03-12T13:30:00/), 90]);
  });
});

describe('lines that are not taken', () => {
  test('come as a file with the reason; mended and imported again, only they come in', async () => {
    const content = 'Name,Email,Extra\nGood One,good.one@example.com,=1\n,,no name\nToo,many,cells,here\n';
    const first = await bring(content);
    expect(first).toMatchObject({ taken_rows: 1, refused_rows: 2 });
    const [batch] = await panes().read(panes().olivia, 'imports', {
      id: String(first.import),
      fields: ['columns', 'refused'],
    });
    const { columns, refused } = batch ?? {};
    const file = notTakenCsv(Array.isArray(columns) ? columns : [], Array.isArray(refused) ? refused : []);
    expect(file.split('\r\n').slice(0, 2)).toEqual([
      '\ufeffName,Email,Extra,Why not taken',
      expect.stringMatching(/^,,no name,"?The row has no name/),
    ]);
    const rows = await panes().read(panes().olivia, 'import_not_taken', {
      params: { import_id: String(first.import) },
    });
    expect(rows).toMatchObject([{ row: 3 }, { row: 4, cells: ['Too', 'many', 'cells', 'here'] }]);
    const mended = file.replace(',,no name', 'Mended One,mended@example.com,no name');
    expect(await bring(`${mended}Good One,good.one@example.com,=1,\r\n`)).toMatchObject({
      taken_rows: 2,
      matched_rows: 1,
      refused_rows: 0,
    });
  });
});

describe('a file of any size', () => {
  test('comes in parts that end with a whole row, and counts its lines through', async () => {
    const row = (index: number) => `Part ${index},part${index}@parts.example,"gate\n${index}"\n`;
    const text = `Name,Email,Notes\n${Array.from({ length: 400 }, (_, index) => row(index)).join('')}\n,,nobody\n`;
    async function* pieces() {
      for (let at = 0; at < text.length; at += 700) yield Buffer.from(text.slice(at, at + 700));
    }
    let batch: string | undefined;
    let [taken, count] = [0, 0];
    const refused: unknown[] = [];
    for await (const part of partsOf(pieces(), 4000)) {
      const report = await bring('', {
        ...bytes(part.bytes),
        ...(part.first_row > 1 ? { first_row: part.first_row } : {}),
        ...(batch === undefined ? {} : { part_of: batch }),
      });
      batch = String(report.import);
      taken += Number(report.taken_rows);
      refused.push(...(Array.isArray(report.refused) ? report.refused : []));
      count++;
    }
    expect([count > 2, taken]).toEqual([true, 400]);
    expect(refused).toMatchObject([{ row: 803 }]);
    const [whole] = await panes().read(panes().olivia, 'imports', { id: String(batch) });
    expect(whole).toMatchObject({ rows_read: 401, taken_rows: 400, refused_count: 1 });
    expect(await panes().done(panes().olivia, 'import.undo', { import_id: String(batch) })).toMatchObject({
      contacts_removed: 400,
    });
  });
});

test('an agent finds the way by an owner’s words', async () => {
  for (const words of ['Jobber export', 'import customers', 'past visits csv']) {
    const found = await panes().read(panes().bright.agent, 'search', { search: words, limit: 20 });
    expect([words, JSON.stringify(found)]).toEqual([words, expect.stringContaining('import.csv')]);
  }
});
