import { describe, expect, test } from 'vitest';
import {
  countedAs,
  createReferences,
  exampleReference,
  isReferenceOf,
  joinedReference,
  looksLikeReference,
  type Numbering,
  referencesSaid,
  referenceTerms,
  unhyphenated,
  writeReference,
} from '../../core/kernel/records/reference.ts';

const customers = { type: 'contacts', reference: { prefix: 'C', start: 1001 } };
const bills = { type: 'invoices', reference: { prefix: 'INV', start: 1, is_yearly: true } };
const references = createReferences([customers, bills]);

describe('a reference', () => {
  test('is written with a year where the numbers begin again each year', () => {
    expect(exampleReference(customers.reference, 2026)).toBe('C-1001');
    expect(exampleReference(bills.reference, 2026)).toBe('INV-2026-001');
    expect(writeReference(countedAs(bills.reference, 2027), 1234)).toBe('INV-2027-1234');
  });

  test.each([
    ['C-1042', 'contacts'],
    ['c-1042', 'contacts'],
    ['INV-2026-014', 'invoices'],
    ['inv-2026-1400', 'invoices'],
    ['INV-014', undefined],
    ['C-2026-014', undefined],
    ['CO-101', undefined],
    ['C-', undefined],
    ['C-1234567890123', undefined],
    ['C-1042 ', undefined],
    ['1042', undefined],
    ['', undefined],
  ])('%s points to %s', (text, type) => {
    expect(references.typeOf(text)).toBe(type);
    expect(references.has(text)).toBe(type !== undefined && text === text.toUpperCase());
  });

  test('looks like one whatever the kind', () => {
    expect(['XY-1', 'xy-2026-001'].map(looksLikeReference)).toEqual([true, true]);
    expect(['Suite-12', 'T-2001-5-6', '555-0142', 'T-20x'].map(looksLikeReference)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('is found by its numbers, and typed apart or without its hyphen', () => {
    expect(referenceTerms('INV-2026-014')).toEqual(['inv-2026-014', '2026', '014']);
    expect([joinedReference('c', '1042'), unhyphenated('c1042')]).toEqual([['c-1042'], ['c-1042']]);
    expect([joinedReference('suite', '12'), joinedReference('c', 'b'), unhyphenated('1042')]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

test('two kinds cannot share a prefix, and a prefix is one to four capital letters', () => {
  const again = { type: 'others', reference: { prefix: 'C', start: 1 } };
  expect(() => createReferences([customers, again])).toThrow('two registrations are called C');
  for (const prefix of ['c', 'ABCDE', 'C1', '']) {
    expect(() => createReferences([{ type: 'x', reference: { prefix, start: 1 } }])).toThrow('prefix');
  }
  expect(isReferenceOf(again.reference, 'C-1')).toBe(true);
});

describe('a number that is said alone', () => {
  const said = (text: string, { reference }: { reference: Numbering } = bills) =>
    referencesSaid(reference, text, { nouns: ['invoice', 'invoices'], year: 2026 });

  test.each(['17', '#17', 'no. 17', 'Invoice 17', 'the invoice no 17', 'invoice #17', 'INV-17', 'inv 17'])(
    '%s is one of each year',
    text => {
      expect(said(text)).toHaveLength(10);
      expect(said(text).slice(0, 2)).toEqual(['INV-2026-017', 'INV-2025-017']);
    },
  );

  test('is one when its year is said, or when the numbers go on', () => {
    expect(said('2025-17')).toEqual(['INV-2025-017']);
    expect(said('1042', customers)).toEqual(['C-1042']);
  });

  test.each(['Elm 17', '17 Elm St', 'seventeen', 'customer 17', '555-0142', ''])('%s is none', text => {
    expect(said(text)).toEqual([]);
  });
});
