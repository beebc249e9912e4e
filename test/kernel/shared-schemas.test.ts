import { expect, test } from 'vitest';
import { z } from 'zod';
import { date, text } from '../../core/kernel/records/field.ts';
import { ref } from '../../core/kernel/records/references.ts';
import { emptiable, leavable } from '../../core/kernel/records/shared-schemas.ts';

test('fields that are alike share what they hold, and those that are not do not', () => {
  const [one, other, filled, on] = [text({ title: 'Town' }), text(), text({ required: true }), date()];
  expect(other.row).toBe(one.row);
  expect(other.given).toBe(one.given);
  expect(filled.row).not.toBe(one.row);
  expect(filled.given).not.toBe(one.given);
  expect(on.given).not.toBe(one.given);
});

test('a shared schema takes what one of its own would, and nothing else', () => {
  const words = z.string().max(3);
  expect(emptiable(words)).toBe(emptiable(words));
  expect(emptiable(words)).not.toBe(emptiable(z.string().max(4)));
  expect(emptiable(words).parse(null)).toBeNull();
  expect(emptiable(words).safeParse(undefined).success).toBe(false);
  expect(emptiable(words).safeParse('four').success).toBe(false);
  expect(leavable(words).parse(undefined)).toBeUndefined();
  expect(leavable(words).safeParse(null).success).toBe(false);
});

test('pointers to one record are one schema, and one that wants a fitting row is another', () => {
  expect(ref('invoice')).toBe(ref('invoice'));
  expect(ref('invoice')).not.toBe(ref('contact'));
  expect(ref('invoice', { fitting: 'draft' })).not.toBe(ref('invoice'));
  expect(ref('invoice', { fitting: 'draft' })).not.toBe(
    ref('invoice', { fitting: 'draft', or_others: true }),
  );
  expect(ref('invoice', { fitting: 'draft' }).meta()).toEqual({ ref: 'invoice', ref_fitting: 'draft' });
});
