import { expect, test } from 'vitest';
import { placeInWords } from '../../core/kernel/words/place.ts';
import { pluralOf, singularOf } from '../../core/kernel/words/plural.ts';

test.each([
  ['notes', '"notes"'],
  ['attributes.0.value', 'the value of the first attribute'],
  ['attributes.1.details.other card', '"other card" in the details of the second attribute'],
  ['tags.10', 'the 11th tag'],
  ['line_items.21.unit_name', 'the unit name of the 22nd line item'],
  ['addresses.2.street', 'the street of the third address'],
  ['entries.3', 'the fourth entry'],
  ['rows.0.4', 'the fifth item of the first row'],
  ['custom_fields.gate_code', '"gate_code" in the custom fields'],
  ['custom_fields.codes.0', 'the first item of "codes" in the custom fields'],
])('%s is %s', (path, words) => {
  expect(placeInWords(path.split('.'))).toBe(words);
});

test.each(['visit', 'company', 'address', 'box', 'service', 'note'])('one of several is a %s again', noun => {
  expect(singularOf(pluralOf(noun))).toBe(noun);
});
