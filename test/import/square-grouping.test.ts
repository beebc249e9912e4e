import { describe, expect, test } from 'vitest';
import { contactKeys } from '../../core/import/square/contact.ts';
import { growthOf } from '../security/growth.ts';
import { examples, fc } from '../support/properties.ts';
import { type Cells, customer, readCells } from './square-files.ts';

const phone = '256-555-0101';
const email = 'smith@example.com';

/** Lines of the file by contact; the first row is line 2. */
function groups(...rows: Cells[]): number[][] {
  return readCells(...rows).contacts.map(contact => contact.rows);
}

function messages(...rows: Cells[]): string[] {
  return readCells(...rows).notices.map(notice => `${notice.row}: ${notice.message}`);
}

const together = [[2, 3]];
const apart = [[2], [3]];

describe('two rows are one contact', () => {
  test('when Square gives them the same id, whatever the names', () => {
    expect(groups(customer('Jane', 'Smith', { id: 'SQ1' }), customer('Jane', 'Doe', { id: 'SQ1' }))).toEqual(
      together,
    );
    expect(groups(customer('Jane', 'Smith', { id: 'SQ1' }), customer('Jane', 'Doe', { id: 'SQ2' }))).toEqual(
      apart,
    );
  });

  test.each([
    ['the same name', ['Jane', 'Smith'], ['Jane', 'Smith']],
    ['capitals', ['JANE', 'smith'], ['Jane', 'Smith']],
    ['accents', ['Tomás', 'Núñez'], ['Tomas', 'Nunez']],
    ['letters without an accent form', ['Łukasz', 'Sørensen'], ['Lukasz', 'Sorensen']],
    ['an apostrophe', ['Otis', "O'Neal"], ['Otis', 'ONeal']],
    ['another apostrophe', ['Otis', 'O’Neal'], ['Otis', "O'Neal"]],
    ['a hyphen', ['Mei-Lin', 'Vandiver'], ['Mei Lin', 'Vandiver']],
    ['swapped columns', ['Smith', 'Jane'], ['Jane', 'Smith']],
    ['"Last, First" in one cell', ['Smith, Jane', ''], ['Jane', 'Smith']],
    ['the whole name in one cell', ['Otis van der Berg', ''], ['Otis', 'van der Berg']],
    ['a title', ['Mrs. Jane', 'Smith'], ['Jane', 'Smith']],
    ['a nickname', ['Bob', 'Smith'], ['Robert', 'Smith']],
    ['an initial', ['J.', 'Smith'], ['Jane', 'Smith']],
    ['a middle initial', ['Jane A.', 'Smith'], ['Jane', 'Smith']],
    ['no first name', ['', 'Smith'], ['Jane', 'Smith']],
    ['no name at all', ['', ''], ['Jane', 'Smith']],
    ['a typo in the last name', ['Jane', 'Abernathy'], ['Jane', 'Abernethy']],
    ['a typo inside the first name', ['Desmond', 'Hart'], ['Desmnd', 'Hart']],
  ] as const)(
    'when they share a phone or an e-mail and differ only by %s',
    (_what, [first, last], [first2, last2]) => {
      expect(groups(customer(first, last, { phone }), customer(first2, last2, { phone }))).toEqual(together);
      expect(groups(customer(first, last, { email }), customer(first2, last2, { email }))).toEqual(together);
    },
  );

  test('when a company differs only by its legal form', () => {
    const company = (name: string) => ({ 'Company Name': name, 'Email Address': 'front@example.org' });
    expect(groups(company('Madison Dental, PLLC'), company('madison dental'))).toEqual(together);
    expect(groups(company('Madison Dental, PLLC'), company('Athens Dental'))).toEqual(apart);
  });

  test('when they have no id, e-mail or phone and say exactly the same', () => {
    const row = { ...customer('Jane', 'Smith'), 'Street Address 1': '12 Elm St', City: 'Madison' };
    expect(groups(row, row)).toEqual(together);
    expect(groups(row, { ...row, Memo: 'another' })).toEqual(apart);
    expect(messages(row, row)).toEqual([
      '3: Taken as one contact with row 2, Jane Smith (the same line twice).',
    ]);
  });
});

describe('two rows stay two contacts', () => {
  test.each([
    ['different first names', ['Jane', 'Smith'], ['John', 'Smith']],
    ['names of a couple that look alike', ['Carl', 'Smith'], ['Carla', 'Smith']],
    ['different last names', ['Jane', 'Smith'], ['Jane', 'Hart']],
    ['father and son', ['John', 'Smith Sr.'], ['John', 'Smith Jr.']],
    ['mother and daughter', ['Mary', 'Smith'], ['Mary Ann', 'Smith']],
    ['another initial', ['J.', 'Smith'], ['Mary', 'Smith']],
    ['Mr and Mrs', ['Mr.', 'Smith'], ['Jane', 'Smith']],
    ['typos in both names', ['Desmond', 'Abernathy'], ['Desmnd', 'Abernethy']],
  ] as const)('when they share phone and e-mail but are %s', (_what, [first, last], [first2, last2]) => {
    expect(
      groups(customer(first, last, { phone, email }), customer(first2, last2, { phone, email })),
    ).toEqual(apart);
  });

  test('when only the name is the same; at the same address the owner is asked to look', () => {
    const jane = customer('Jane', 'Smith', { phone });
    const other = customer('Jane', 'Smith', { phone: '256-555-0102' });
    expect(groups(jane, other)).toEqual(apart);
    expect(messages(jane, other)).toEqual([]);
    const home = { 'Street Address 1': '12 Elm St', City: 'Madison', 'Postal Code': '35758' };
    expect(
      messages({ ...jane, ...home }, { ...other, ...home, 'Street Address 1': '12 Elm Street' }),
    ).toEqual([
      '3: Has the name and the address of row 2 but no e-mail address or phone number in common; kept as two contacts, please check.',
    ]);
  });

  test('when a household shares a phone, which is reported', () => {
    expect(
      messages(customer('Jane', 'Smith', { phone }), customer('John', 'Smith', { phone, email })),
    ).toEqual([
      '3: Shares the phone number of row 2, Jane Smith; kept as two contacts because the names differ.',
    ]);
  });

  test('when a person works at the company whose phone they share', () => {
    expect(
      groups(
        { ...customer('', '', { phone }), 'Company Name': 'Big Cove HOA' },
        customer('Jane', 'Smith', { phone }),
      ),
    ).toEqual(apart);
  });
});

describe('doubt keeps rows apart', () => {
  test('when an initial could be either of two people who share the phone', () => {
    const rows = [
      customer('J.', 'Smith', { phone }),
      customer('John', 'Smith', { phone }),
      customer('Jane', 'Smith', { phone }),
    ];
    expect(groups(...rows)).toEqual([[2], [3], [4]]);
    expect(groups(...rows.slice(0, 2))).toEqual([[2, 3]]);
    expect(messages(...rows)[0]).toBe(
      '3: Shares the phone number of row 2, J. Smith, and may be the same person; kept as two contacts because others share it too.',
    );
  });

  test('also when the two people meet the initial by different ways', () => {
    const initial = customer('J.', 'Smith', { phone, email });
    expect(
      groups(initial, customer('John', 'Smith', { phone }), customer('Jane', 'Smith', { email })),
    ).toEqual([[2], [3], [4]]);
    expect(
      groups(initial, customer('John', 'Smith', { phone }), customer('John', 'Smith', { email })),
    ).toEqual([[2, 3, 4]]);
  });

  test('when the id column was filled with a placeholder, which is then no id', () => {
    const rows = Array.from({ length: 25 }, (_, index) =>
      customer('Jane', `Smith${'abcdefghijklmnopqrstuvwxyz'[index]}`, { id: 'n/a' }),
    );
    const reading = readCells(...rows);
    expect(reading.contacts).toHaveLength(25);
    expect(reading.contacts.flatMap(contact => contact.square_ids)).toEqual([]);
    expect(reading.notices[0]).toEqual({
      row: 2,
      message: 'Its Square Customer ID stands on 25 names; it is ignored.',
    });
    expect(groups(...rows.slice(0, 2))).toEqual(together);
  });
});

test('a contact joined from two spellings is recognised by either of them', () => {
  const both = readCells(
    customer('Bob', 'Smith', { phone, id: 'SQ1' }),
    customer('Robert', 'Smith', { phone, email, id: 'SQ2' }),
  );
  const [contact] = both.contacts;
  expect(contact && contactKeys(contact)).toEqual([
    'square:SQ1',
    'square:SQ2',
    'email:smith@example.com|bobsmith',
    'email:smith@example.com|robertsmith',
    'phone:+12565550101|bobsmith',
    'phone:+12565550101|robertsmith',
  ]);
});

describe('whatever the file', () => {
  const someRow = fc.record({
    'First Name': fc.constantFrom('', 'J.', 'Jane', 'JANE', 'John', 'Jon', 'Jane Smith', 'Mrs Jane'),
    'Last Name': fc.constantFrom('', 'Smith', 'Smíth', 'Smithers', 'Smither', 'Hart'),
    'Company Name': fc.constantFrom('', '', 'Big Cove HOA'),
    'Email Address': fc.constantFrom('', '', 'a@example.com', 'b@example.com', 'c@example.com'),
    'Phone Number': fc.constantFrom('', '', '256-555-0101', '256-555-0102', '256-555-0103'),
    'Square Customer ID': fc.constantFrom('', '', '', 'SQ1', 'SQ2', 'SQ3'),
    'Street Address 1': fc.constantFrom('', '12 Elm St'),
  });
  const someFile = fc.array(someRow, { maxLength: 12 });

  test('the order of its rows does not change who is one contact', () => {
    const shuffled = someFile.chain(rows =>
      fc.tuple(
        fc.constant(rows),
        fc.shuffledSubarray(
          rows.map((_, index) => index),
          { minLength: rows.length },
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([rows, order]) => {
        const inOrder = tagged(rows.map((row, index) => ({ ...row, Tag: String(index) })));
        expect(tagged(order.map(index => ({ ...rows[index], Tag: String(index) })))).toEqual(inOrder);
      }),
      { numRuns: examples(300) },
    );
    const row = { ...customer('Jane', 'Smith', { phone }) };
    expect(
      tagged([
        { ...row, Tag: '1' },
        { ...row, Tag: '0' },
      ]),
    ).toEqual(['0 1']);
  });

  test('no two contacts have a key in common, and reading it again gives the same keys', () => {
    fc.assert(
      fc.property(someFile, rows => {
        const keys = readCells(...rows).contacts.map(contactKeys);
        expect(new Set(keys.flat()).size).toBe(
          keys.map(list => new Set(list).size).reduce((a, b) => a + b, 0),
        );
        expect(readCells(...rows).contacts.map(contactKeys)).toEqual(keys);
      }),
      { numRuns: examples(300) },
    );
    expect(readCells(customer('Jane', 'Smith', { phone })).contacts.map(contactKeys)).toEqual([
      ['phone:+12565550101|janesmith'],
    ]);
  });

  test('20,000 customers of one shared phone number and e-mail address are read without comparing each with each', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) =>
      customer(`Jane${index}`, `Smith${index}`, { phone, email }),
    );
    const read = (count: number) => expect(readCells(...rows.slice(0, count)).contacts).toHaveLength(count);
    // 200 million comparisons would take minutes, sixteen times what a quarter of them takes.
    expect(growthOf(read, 5_000)).toMatchObject({ isLinear: true });
  });
});

/** The groups as sorted lists of the rows' own tags, independent of the order of the file. */
function tagged(rows: Cells[]): string[] {
  const reading = readCells(...rows);
  const tagOf = (line: number) => rows[line - 2]?.Tag ?? '';
  const taken = reading.contacts.map(contact => contact.rows.map(tagOf).sort().join(' '));
  return [...taken, ...reading.refused.map(({ row }) => `refused ${tagOf(row)}`)].sort();
}
