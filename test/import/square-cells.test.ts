import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { describe, expect, test } from 'vitest';
import { SquareFormatError } from '../../core/import/square/format-error.ts';
import { readSquareExport } from '../../core/import/square/read.ts';
import { addressKey, phoneReader } from '../../core/import/square/values.ts';
import { examples, fc } from '../support/properties.ts';
import { type Cells, customer, readCells, squareCsv } from './square-files.ts';

const jane = customer('Jane', 'Smith', { id: 'SQ1' });

function onlyContact(cells: Cells) {
  const { contacts, notices } = readCells({ ...jane, ...cells });
  return { ...contacts[0], notices: notices.map(notice => notice.message) };
}

describe('a cell', () => {
  test('loses the apostrophe that protects it from a spreadsheet exactly once, and no other apostrophe', () => {
    const memo = (text: string) => onlyContact({ Memo: text }).memos;
    expect(memo("'=1+1")).toEqual(['=1+1']);
    expect(memo("'-2 screens")).toEqual(['-2 screens']);
    expect(memo("'@home")).toEqual(['@home']);
    expect(memo("'\ttabbed")).toEqual(['tabbed']);
    expect(memo("''=1+1")).toEqual(["''=1+1"]);
    expect(memo("'tis the season")).toEqual(["'tis the season"]);
    expect(onlyContact({ 'Phone Number': "'+1 256 555 0101" }).phones).toEqual([
      { number: '+12565550101', type: 'other', primary: true },
    ]);
  });

  test('loses stray, invisible and no-break spaces, but keeps its capitals', () => {
    const name = { 'First Name': ' \u200bJANE\u00a0 ann ', 'Last Name': 'mcINTYRE\u0000\u202e' };
    expect(onlyContact(name)).toMatchObject({ first_name: 'JANE ann', last_name: 'mcINTYRE' });
  });

  test('that a spreadsheet would run is kept as harmless text with a notice; a phone number or a list is no formula', () => {
    const notice = (cell: string) => [
      `The cell "${cell}" looks like a spreadsheet formula; it is kept as plain text.`,
    ];
    expect(onlyContact({ 'Company Name': '=HYPERLINK("http://127.0.0.1:9","x")' })).toMatchObject({
      company_name: '=HYPERLINK("http://127.0.0.1:9","x")',
      notices: notice('Company Name'),
    });
    expect(onlyContact({ Memo: "+cmd|' /C calc'!A0" }).notices).toEqual(notice('Memo'));
    expect(onlyContact({ Rooms: '@SUM(1,2)' }).notices).toEqual(notice('Rooms'));
    expect(
      onlyContact({ Memo: '- gate (left)\n- dog', 'Phone Number': '+1 (256) 555-0101' }).notices,
    ).toEqual([]);
  });
});

describe('an e-mail cell', () => {
  const read = (cell: string) => {
    const { emails, custom_fields, notices } = onlyContact({ 'Email Address': cell });
    return { emails: emails?.map(email => email.email), kept: custom_fields?.unreadable_email, notices };
  };

  test('gives lower-case addresses, also two of them and those with accents', () => {
    expect(read('Jane@Example.COM')).toEqual({ emails: ['jane@example.com'], kept: undefined, notices: [] });
    expect(read('a@example.com; b@example.com, a@example.com').emails).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect(read('Tomás.Núñez@mail.example').emails).toEqual(['tomás.núñez@mail.example']);
  });

  test('that is no address does not cost the customer: it is kept with a notice', () => {
    const notices = ['The e-mail address cannot be read; it is kept as the custom field unreadable_email.'];
    expect(read('jane(at)example.com')).toEqual({ emails: [], kept: 'jane(at)example.com', notices });
    expect(read('jane@example')).toEqual({ emails: [], kept: 'jane@example', notices });
    expect(read('none a@example.com')).toEqual({ emails: ['a@example.com'], kept: 'none', notices });
  });
});

describe('a phone cell', () => {
  const read = (cell: string) => {
    const { phones, custom_fields } = onlyContact({ 'Phone Number': cell });
    return [phones?.map(phone => phone.number), custom_fields];
  };

  test('gives one number for every spelling', () => {
    for (const cell of ['(256) 555-0101', '256.555.0101', '+1 256 555 0101', '12565550101', '256/555-0101']) {
      expect(read(cell), cell).toEqual([['+12565550101'], {}]);
    }
    expect(read('+44 20 7946 0958')).toEqual([['+442079460958'], {}]);
  });

  test('with two numbers or a remark loses neither', () => {
    expect(read('256-555-0101 / 938-555-0102')).toEqual([['+12565550101', '+19385550102'], {}]);
    expect(read("256-555-0101 wife's cell")).toEqual([
      ['+12565550101'],
      { phone_as_written: "256-555-0101 wife's cell" },
    ]);
    expect(read('256-555-0101 x12')).toEqual([['+12565550101'], { phone_as_written: '256-555-0101 x12' }]);
  });

  test('that is no number does not cost the customer: it is kept with a notice', () => {
    expect(read('555-0101')).toEqual([[], { unreadable_phone: '555-0101' }]);
    expect(read('256-555-0101, same as mom')).toEqual([
      ['+12565550101'],
      { unreadable_phone: 'same as mom', phone_as_written: '256-555-0101, same as mom' },
    ]);
    expect(onlyContact({ 'Phone Number': 'ask Tess' }).notices).toEqual([
      'The phone number cannot be read; it is kept as the custom field unreadable_phone.',
    ]);
  });

  test('is judged as libphonenumber judges it, although only six digits of it are looked up', () => {
    const digits = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map(String);
    const plausible = fc.integer({ min: 0, max: 9999 }).map(line => `256555${String(line).padStart(4, '0')}`);
    const reader = phoneReader('US');
    fc.assert(
      fc.property(fc.oneof(digits, plausible), fc.constantFrom('', '1', '+1'), (number, prefix) => {
        const phone = parsePhoneNumberFromString(prefix + number, 'US');
        expect(reader(prefix + number).phones).toEqual(phone?.isValid() ? [phone.number] : []);
      }),
      { numRuns: examples(2000) },
    );
  });
});

test('birthdays are read in the three spellings Square takes, others are kept as written', () => {
  const birthday = (text: string) => {
    const contact = onlyContact({ Birthday: text });
    return contact.birthday ?? contact.custom_fields?.unreadable_birthday;
  };
  expect(['1948-03-07', '04-19', '03-07-1948', '2/29', '2024-02-29'].map(birthday)).toEqual([
    '1948-03-07',
    '04-19',
    '1948-03-07',
    '02-29',
    '2024-02-29',
  ]);
  expect(['2023-02-29', '13-01', 'in May'].map(birthday)).toEqual(['2023-02-29', '13-01', 'in May']);
  expect(onlyContact({ Birthday: '13-01' }).birthday).toBeUndefined();
});

test('money becomes whole cents, and what is no amount is kept with a notice', () => {
  const spend = (text: string) => onlyContact({ 'Lifetime Spend': text }).custom_fields;
  expect(spend('$12,345.60')).toEqual({ lifetime_spend_cents: '1234560' });
  expect(spend('-$3')).toEqual({ lifetime_spend_cents: '-300' });
  expect(spend('12.345,60 €')).toEqual({ lifetime_spend: '12.345,60 €' });
  expect(onlyContact({ 'Lifetime Spend': 'a lot' }).notices).toEqual([
    'The lifetime spend cannot be read as an amount; it is kept as the custom field lifetime_spend.',
  ]);
});

test('a subscription Square does not know is neither yes nor no, and unsubscribing anywhere counts', () => {
  const optIn = (...statuses: string[]) =>
    readCells(...statuses.map(status => ({ ...jane, 'Email Subscription Status': status }))).contacts[0]
      ?.email_opt_in;
  expect([optIn('Subscribed'), optIn('Unsubscribed'), optIn('Unknown'), optIn('')]).toEqual([
    true,
    false,
    undefined,
    undefined,
  ]);
  expect([optIn('Subscribed', 'Unsubscribed'), optIn('Unknown', 'Subscribed')]).toEqual([false, true]);
});

test('a company without a person is an organization, a person with a company is a person', () => {
  expect(
    readCells({ 'Company Name': 'Big Cove HOA', 'Email Address': 'board@example.org' }).contacts[0],
  ).toMatchObject({
    kind: 'organization',
    company_name: 'Big Cove HOA',
    emails: [{ email: 'board@example.org', type: 'work', primary: true }],
  });
  expect(onlyContact({ 'Company Name': 'Big Cove HOA' }).kind).toBe('person');
});

test('an address is the same place in another spelling, and another place in another unit or town', () => {
  const place = {
    line1: '12 Elm Street',
    line2: 'Apt. 4',
    city: 'Madison',
    state: 'AL',
    postal_code: '35758',
    country: 'US',
  };
  const key = addressKey(place);
  expect(addressKey({ ...place, line1: '12 ELM ST.', line2: '#4', postal_code: '35758-1234' })).toBe(key);
  expect(addressKey({ ...place, line1: '12 Elm St, Unit 4', line2: '' })).toBe(key);
  expect(addressKey({ ...place, line2: 'Apt 5' })).not.toBe(key);
  expect(addressKey({ ...place, city: 'Athens' })).not.toBe(key);
});

describe('reading', () => {
  const readOrRefuse = (bytes: Uint8Array) => {
    try {
      return readSquareExport(bytes, { default_country: 'US' }).rows_read;
    } catch (error) {
      if (error instanceof SquareFormatError) return error.message.length;
      throw error;
    }
  };

  test('never fails in any other way than by a format error, whatever the bytes are', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), bytes => readOrRefuse(bytes) >= 0));
  });

  test('takes or refuses every row behind a true header, whatever it holds, and says so', () => {
    const header = Buffer.from(squareCsv([]));
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', '"",', ',', '\r', '\n', "'=", '+1', 'a@b.example'),
    );
    const tail = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(cell).map(cells => Buffer.from(cells.join(','))),
    );
    fc.assert(
      fc.property(tail, bytes => {
        const reading = readSquareExport(Buffer.concat([header, bytes]), { default_country: 'US' });
        const lines = [
          ...reading.contacts.flatMap(contact => contact.rows),
          ...reading.refused.map(({ row }) => row),
        ];
        expect(new Set(lines).size).toBe(reading.rows_read);
        expect(lines).toHaveLength(reading.rows_read);
      }),
      { numRuns: examples(500) },
    );
    const one = readSquareExport(Buffer.from(squareCsv([jane])), { default_country: 'US' });
    expect([one.rows_read, one.contacts[0]?.rows]).toEqual([1, [2]]);
  });
});
