import { describe, expect, test } from 'vitest';
import { noteFields } from '../../core/extraction/record.ts';
import { noteByRules } from '../../core/extraction/rules/note.ts';
import { showAttribute } from '../../core/extraction/show.ts';
import { notes } from './notes.ts';

const factsOf = (note: string) => noteByRules(note).attributes.map(showAttribute);

describe('the rules find', () => {
  test('the five facts of the reference note (NOT-05)', () => {
    const note =
      'Elderly woman, very nice. House has 20+ screens, takes longer than usual. Dog named Biscuit, keep gate closed.';
    expect(noteByRules(note)).toEqual({
      attributes: [
        { key: 'customer_demographic', value: 'elderly' },
        { key: 'property_screen_count', value: '20+' },
        { key: 'service_duration_note', value: 'longer_than_usual' },
        { key: 'pet', value: 'dog', details: { name: 'Biscuit' } },
        { key: 'property_note', value: 'keep gate closed' },
      ],
    });
  });

  test('the five facts of the note of the example close-out (CLO-17)', () => {
    const note =
      'Elderly woman, very nice. Dog named Biscuit, keep gate closed. Complex sill on 2nd story, brought extension ladder.';
    expect(factsOf(note)).toEqual([
      'customer_demographic: elderly',
      'pet: dog (name: Biscuit)',
      'property_note: keep gate closed',
      'equipment_needed: extension ladder',
      'property_detail: complex 2nd story sill',
    ]);
  });

  test.each(notes)('%s', (note, facts) => {
    expect(factsOf(note)).toEqual(facts);
  });

  test.each([
    ['Gate code 1234#, dogs inside', 'gate_code: 1234#'],
    ['The gate code is *4471#.', 'gate_code: *4471#'],
    ['Gate code 4471.', 'gate_code: 4471'],
  ])('a code whole, with what is pressed after it: %s', (note, fact) => {
    expect(factsOf(note)).toContain(fact);
  });

  test('the same fact once, however often it is said', () => {
    expect(factsOf('Keep gate closed. Please keep the gate closed! Gate must stay shut.')).toEqual([
      'property_note: keep gate closed',
    ]);
    expect(factsOf('Dog named Biscuit. The dog is friendly. Biscuit the dog sleeps.')).toEqual([
      'pet: dog (name: Biscuit, temperament: friendly)',
    ]);
  });

  test('the same in capitals, over several lines, and in a bulleted list', () => {
    expect(factsOf('ELDERLY LADY\nGATE CODE 4711\n• 20+ SCREENS')).toEqual([
      'customer_demographic: elderly',
      'property_screen_count: 20+',
      'gate_code: 4711',
    ]);
  });

  test('no more than thirty facts in the longest note, each of them in the agreed form', () => {
    const letters = [...'abcdefghij'];
    const names = letters.flatMap(first => letters.map(second => `Rex${first}${second}`));
    const list = names.map(name => `Dog named ${name}.`);
    const long = `${list.join(' ')} ${'Elderly woman, keep gate closed. '.repeat(500)}`.slice(0, 20_000);
    const found = noteByRules(long);
    expect(found.attributes).toHaveLength(30);
    expect(noteFields.parse(found)).toEqual(found);
  });

  test.each(['a ', 'dog ', 'A. ', '\n', '(', '1 ', 'Dog Rex and ', 'keep key under a '])(
    'an end of a note that says %j ten thousand times',
    piece => {
      const long = `Gate code 4711. ${piece.repeat(10_000)}`.slice(0, 20_000);
      expect(factsOf(long)).toContain('gate_code: 4711');
    },
  );
});

test('a fact reads as people say it', () => {
  expect(showAttribute({ key: 'pet', value: 'dog', details: { name: 'Biscuit', count: 2 } })).toBe(
    'pet: dog (name: Biscuit, count: 2)',
  );
  expect(showAttribute({ key: 'has_pool', value: true })).toBe('has_pool: yes');
  expect(showAttribute({ key: 'property_screen_count', value: 24, details: {} })).toBe(
    'property_screen_count: 24',
  );
});
