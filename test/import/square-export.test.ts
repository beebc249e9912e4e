import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contactKeys } from '../../core/import/square/contact.ts';
import { SquareFormatError } from '../../core/import/square/format-error.ts';
import { readSquareExport } from '../../core/import/square/read.ts';
import { customer, readCells, readText, squareColumns, squareCsv } from './square-files.ts';

const fixture = readFileSync(new URL('../fixtures/square-customers.csv', import.meta.url));
const us = { default_country: 'US' };

function refusalOf(bytes: Uint8Array, options: { default_country: string; max_bytes?: number } = us) {
  try {
    readSquareExport(bytes, options);
  } catch (error) {
    if (error instanceof SquareFormatError) return error;
    throw error;
  }
  throw new Error('The file was read.');
}

describe('the example export of 483 customers', () => {
  const reading = readSquareExport(fixture, us);
  const contactIn = (row: number) => reading.contacts.find(contact => contact.rows.includes(row));

  test('every row becomes part of exactly one contact and none is refused', () => {
    const lines = reading.contacts.flatMap(contact => contact.rows).sort((a, b) => a - b);
    // Line 428 is the second line of the memo that starts in line 427.
    const expected = Array.from({ length: 485 }, (_, index) => index + 1).filter(
      line => line !== 1 && line !== 428,
    );
    expect(lines).toEqual(expected);
    expect({ ...reading, contacts: reading.contacts.length, notices: reading.notices.length }).toEqual({
      contacts: 478,
      refused: [],
      notices: 232,
      unknown_columns: [],
      rows_read: 483,
    });
  });

  test('five people who are in it twice are found, and everybody else stays alone', () => {
    expect(reading.contacts.filter(contact => contact.rows.length > 1).map(contact => contact.rows)).toEqual([
      [42, 324],
      [77, 239],
      [150, 321],
      [181, 430],
      [310, 420],
    ]);
    expect(
      reading.notices.filter(notice => !notice.message.startsWith('Shares the phone number of row')),
    ).toEqual([
      { row: 239, message: 'Taken as one contact with row 77, Verna Smith (same e-mail address).' },
      { row: 321, message: 'Taken as one contact with row 150, Earl Ostrander (same e-mail address).' },
      {
        row: 324,
        message: 'Taken as one contact with row 42, Tomás Yarbrough (same e-mail address and phone number).',
      },
      {
        row: 420,
        message:
          'Taken as one contact with row 310, Desmond Kowalski (same e-mail address and phone number).',
      },
      { row: 430, message: "Taken as one contact with row 181, Stanley O'Brien (same e-mail address)." },
      { row: 461, message: 'The cell "Memo" looks like a spreadsheet formula; it is kept as plain text.' },
    ]);
  });

  test('a customer with a second address is one contact with both addresses', () => {
    expect(contactIn(430)).toEqual({
      rows: [181, 430],
      kind: 'person',
      first_name: 'Stanley',
      last_name: "O'Brien",
      company_name: '',
      other_names: [],
      emails: [{ email: 'stanley.obrien42@example.org', type: 'other', primary: true }],
      phones: [],
      addresses: [
        {
          line1: '12 Balmoral Dr',
          line2: '',
          city: 'Huntsville',
          state: 'AL',
          postal_code: '35802',
          country: 'US',
        },
        {
          line1: '5489 Balmoral Dr',
          line2: '',
          city: 'Owens Cross Roads',
          state: 'AL',
          postal_code: '35763',
          country: 'US',
        },
      ],
      memos: ['Has rental at 12 Balmoral Dr too'],
      birthday: '04-19',
      square_ids: ['SQ11D0000B', 'SQ1100000B'],
      reference_ids: ['R0012'],
      email_opt_in: true,
      custom_fields: {
        birthday: '04-19',
        creation_source: 'IMPORT',
        first_visit: '2021-01-07',
        last_visit: '2025-07-26',
        transaction_count: '14',
        lifetime_spend_cents: '371050',
        instant_profile: 'No',
        blocked_from_online_booking: 'Yes',
      },
    });
  });

  test('two profiles of one customer add up, and nothing either of them knew is lost', () => {
    expect(contactIn(77)).toMatchObject({
      rows: [77, 239],
      company_name: 'Hart & Sons Realty',
      nickname: 'Bee',
      phones: [
        { number: '+19385550134', type: 'other', primary: true },
        { number: '+12565550145', type: 'other', primary: false },
      ],
      memos: ['Tuesday or Thursday only', 'Pays by check. Do NOT ring the bell, baby sleeping'],
      square_ids: ['SQ110001CC', 'SQ110001B6'],
      custom_fields: {
        creation_source: 'INSTANT_PROFILE; DIRECTORY',
        first_visit: '2019-05-04',
        last_visit: '2026-08-03',
        transaction_count: '36',
        lifetime_spend_cents: '1656100',
      },
    });
  });

  test('a name in capitals is the same person, and the other spelling is remembered', () => {
    expect(contactIn(420)).toMatchObject({
      first_name: 'Desmond',
      last_name: 'Kowalski',
      other_names: [{ first_name: 'DESMOND', last_name: 'Kowalski', company_name: '' }],
      emails: [{ email: 'desmond.kowalski78@mail.example', type: 'other', primary: true }],
      addresses: [{ line1: '7426 Cecil Ashburn Dr SE', line2: 'Unit B' }],
    });
  });

  test('memos keep their line breaks, formulas and card numbers for the redaction that follows', () => {
    expect([427, 431, 461, 81].map(row => contactIn(row)?.memos)).toEqual([
      ['line one\nline two, with comma'],
      ['card 4111-1111-1111-1111 on file, ssn 123-45-6789'],
      ['=HYPERLINK("http://127.0.0.1:9","x")'],
      ['call 256-555-0142 256-555-0143, zip 35758-1234, ORD-20260115-000123'],
    ]);
  });

  test('no two contacts could be mistaken for each other on a second run, and each is recognised', () => {
    const owners = new Map<string, number>();
    for (const contact of reading.contacts) {
      const keys = contactKeys(contact);
      expect(keys.length).toBeGreaterThan(0);
      for (const key of keys) {
        expect(owners.get(key), key).toBeUndefined();
        owners.set(key, contact.rows[0] ?? 0);
      }
    }
    const again = readSquareExport(fixture, us).contacts.map(contact => contactKeys(contact)[0] ?? '');
    expect(again.map(key => owners.get(key))).toEqual(reading.contacts.map(contact => contact.rows[0]));
  });
});

describe('columns', () => {
  test('are found by name in any order and any case, also behind a byte order mark', () => {
    const ordinary = readCells(
      customer('Jane', 'Smith', { phone: '(256) 555-0101', email: 'jane@example.com' }),
    );
    const odd = readText(
      '\ufeffPHONE  number,"e-mail address",Surname,first_name\r\n(256) 555-0101,jane@example.com,Smith,Jane\r\n',
    );
    expect(odd).toEqual(ordinary);
    expect(ordinary.contacts).toHaveLength(1);
  });

  test('Square does not have become custom fields under a plain key', () => {
    const reading = readCells({
      ...customer('Jane', 'Smith'),
      'Gate Code (rear)': '4411#',
      constructor: 'yes',
      __proto__x: '',
      'Lifetime Spend Cents': '1',
    });
    expect(reading.unknown_columns).toEqual([
      'Gate Code (rear)',
      'constructor',
      '__proto__x',
      'Lifetime Spend Cents',
    ]);
    expect(reading.contacts[0]?.custom_fields).toEqual({
      gate_code_rear: '4411#',
      constructor: 'yes',
      lifetime_spend_cents_2: '1',
    });
  });

  test('that are missing are named together with those that were found', () => {
    const refusal = refusalOf(
      Buffer.from('First Name,Last Name,Email,Phone Number\nJane,Smith,jane@example.com,\n'),
    );
    expect(refusal.missing).toEqual(['Email Address']);
    expect(refusal.found).toEqual(['First Name', 'Last Name', 'Email', 'Phone Number']);
    expect(refusal.message).toContain('the first line has no column "Email Address". Found: «First Name»,');
  });
});

describe('files', () => {
  const text = squareCsv([{ ...customer('Tomás', 'Núñez', { phone: '256-555-0101' }), Memo: 'señal “two”' }]);
  const read = readText(text);

  test('saved by Excel in other encodings say the same', () => {
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
    expect(read.contacts[0]).toMatchObject({
      first_name: 'Tomás',
      last_name: 'Núñez',
      memos: ['señal “two”'],
    });
    expect(readText(`\ufeff${text}`)).toEqual(read);
    expect(readSquareExport(utf16, us)).toEqual(read);
    expect(readSquareExport(utf16.subarray(2), us)).toEqual(read);
    expect(readSquareExport(Buffer.from(utf16).swap16(), us)).toEqual(read);
    const windows = Buffer.from(text.replace('“', '\x93').replace('”', '\x94'), 'latin1');
    expect(readSquareExport(windows, us)).toEqual({
      ...read,
      notices: [{ row: 1, message: 'The file is not UTF-8; it was read as Windows-1252.' }],
    });
  });

  test('with semicolons, tabs, other line ends or blank lines say the same', () => {
    const plain = text.replace('“two”', 'two');
    for (const spelling of [
      plain.replaceAll(',', ';'),
      plain.replaceAll(',', '\t'),
      plain.replaceAll('\r\n', '\n'),
      plain.replaceAll('\r\n', '\r'),
      plain.trimEnd(),
      `${plain}\r\n   \r\n`,
    ]) {
      expect(readText(spelling)).toEqual(readText(plain));
    }
    expect(readText(`\n${plain}`).contacts[0]?.rows).toEqual([3]);
  });

  test('that are no Square export are refused as a whole with a sentence that helps', () => {
    const megabyte = { default_country: 'US', max_bytes: 1024 * 1024 };
    const zip = Buffer.from('PK\u0003\u0004rest of a workbook', 'latin1');
    const hubspot =
      'Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status\n1,Jane,Smith,,,,\n';
    expect(refusalOf(Buffer.from('')).message).toBe(
      'The file is empty. Export the customers from Square again.',
    );
    expect(refusalOf(Buffer.from('\r\n\r\n')).message).toContain('The file is empty.');
    expect(refusalOf(zip).message).toContain('not a CSV file');
    expect(refusalOf(Buffer.from('<html><body>Sign in</body></html>')).missing).toHaveLength(4);
    expect(refusalOf(Buffer.from(hubspot)).missing).toEqual(['Email Address']);
    expect(refusalOf(Buffer.from(text.replace('Reference ID', 'Ref"erence'))).message).toContain(
      'quotation marks',
    );
    expect(refusalOf(Buffer.alloc(1024 * 1024 + 1, 'a'), megabyte).message).toContain('at most 1 MiB');
    expect(readSquareExport(Buffer.from(text), megabyte)).toEqual(read);
  });

  test('read for a country that does not exist are the mistake of the program, not of the file', () => {
    expect(() => readSquareExport(Buffer.from(text), { default_country: 'USA' })).toThrow(RangeError);
    const british = readSquareExport(
      Buffer.from(squareCsv([customer('Jane', 'Smith', { phone: '020 7946 0958' })])),
      { default_country: 'GB' },
    );
    expect(british.contacts[0]?.phones).toEqual([{ number: '+442079460958', type: 'other', primary: true }]);
  });
});

describe('a row that cannot be taken', () => {
  const good = customer('Jane', 'Smith', { phone: '256-555-0101' });

  test('is reported with its line and reason, and the rows around it are read', () => {
    const lines = squareCsv([
      { ...good, Memo: 'two\nlines' },
      { City: 'Madison', 'Phone Number': 'none' },
    ]).trimEnd();
    const width = squareColumns.length;
    const text = [
      lines,
      ',Otis,Hart,12 Elm St',
      ',"Tess" the tall,Hart,,,,,,,,,,,,,,,,,,,,',
      ',Verna,"Open,,,,',
      squareCsv([{ ...good, 'First Name': 'Mary' }]).split('\r\n')[1],
    ].join('\r\n');
    const reading = readText(text);
    expect(reading.refused).toEqual([
      {
        row: 4,
        reason:
          'The row has no name, company, e-mail address or phone number, so nobody could be found by it. Its phone number cannot be read.',
        name: '',
      },
      {
        row: 5,
        reason: `The row has 4 cells where the first line has ${width}, so nobody can tell which cell is which.`,
        name: 'Otis Hart',
      },
      ...[6, 7].map(row => ({
        row,
        reason:
          'The line has a quotation mark where a CSV file cannot have one, so its cells cannot be told apart.',
        name: '',
      })),
    ]);
    expect(reading.contacts.map(contact => [contact.rows, contact.first_name])).toEqual([
      [[2], 'Jane'],
      [[8], 'Mary'],
    ]);
    expect(reading.rows_read).toBe(6);
  });
});
