import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { redact } from '../../core/kernel/words/redaction.ts';
import { examples, fc } from '../support/properties.ts';
import { card, disguised, hostileText, kept, lookalikes, removed, vectors } from './redaction-examples.ts';

/** What the rule consists of; `api/build/scripts.ts` makes each of them small for the close-out. */
const ownFiles = [
  'card-numbers.ts',
  'digit-groups.ts',
  'in-disguise.ts',
  'number-scan.ts',
  'plain-letters.ts',
  'redaction.ts',
  'social-security-numbers.ts',
];

describe('redacting free text', () => {
  test.each(vectors)('treats $input as $expect', vector => {
    const { text, found } = redact(vector.input);
    expect(found).toEqual(vector.expect === 'NONE' ? [] : [vector.expect]);
    expect(text.includes('[REDACTED')).toBe(vector.expect !== 'NONE');
  });

  test.each(Object.entries({ ...removed, ...disguised }))('removes %s', (_name, [input, output]) => {
    expect(redact(input).text).toBe(output);
  });

  test.each(Object.entries({ ...kept, ...lookalikes }))('keeps %s', (_name, input) => {
    expect(redact(input)).toEqual({ text: input, found: [] });
  });

  test('finds a card exactly 40 characters after the card word', () => {
    const gap = '.'.repeat(40);
    expect(redact(`card${gap}42424 24242 42424 2`).text).toBe(`card${gap}${card}`);
  });

  test('names one kind for each number that was removed', () => {
    expect(redact('4242424242424242 cvv 123, SSN 123-45-6789, 5555555555554444').found.toSorted()).toEqual([
      'CARD',
      'CARD',
      'CVV',
      'SSN',
    ]);
  });

  test('needs no file besides its own, because the browser loads it too', async () => {
    const sources = new Map<string, string>();
    const left = ['redaction.ts'];
    for (const name of left) {
      const source = await readFile(new URL(`../../core/kernel/words/${name}`, import.meta.url), 'utf8');
      sources.set(name, source);
      expect(source).not.toMatch(/\bimport\s*\(|\brequire\s*\(|^export .* from /m);
      for (const [, from = ''] of source.matchAll(/^import\b[^;]* from '(.+)';$/gm)) {
        const other = from.replace('./', '');
        if (!left.includes(other)) left.push(other);
      }
    }
    expect([...sources.keys()].sort()).toEqual(ownFiles);
    expect(sources.get('redaction.ts')).toMatch(/^export function redact\(/m);
  });

  test('changes nothing in a text it has already redacted', () => {
    fc.assert(
      fc.property(hostileText(true), text => {
        const once = redact(text).text;
        expect(redact(once)).toEqual({ text: once, found: [] });
      }),
      { numRuns: examples(1_000) },
    );
  });

  test.each([
    ['digits', '4242424242'],
    ['digits and spaces', '4 2 '],
    ['spaced digits with card words', 'card 4 2 4 2 4 2 4 2 '],
    ['almost social security numbers', '123-45-6789-'],
    ['words', 'ssn cvv card '],
    ['unfinished markers', '[REDACTED CARD ..424'],
    ['characters without width', '4\u200b'],
    ['cards', '4242424242424242 '],
    ['spoken digits', 'four two '],
    ['parts with words between', '4242 then '],
    ['beginnings of IBANs', 'de89 3704 '],
    ['beginnings of links', '/u/'],
    ['beginnings of keys', 'dh_ '],
    ['lines', 'é\n'],
    ['digits and commas', '4,'],
  ])('needs work in proportion to the length of a text of %s', (_name, piece) => {
    const work = (length: number) => {
      const effort = { steps: 0 };
      redact(piece.repeat(length / piece.length + 1).slice(0, length), effort);
      return effort.steps;
    };
    expect(work(20_000)).toBeGreaterThanOrEqual(20_000);
    expect(work(20_000)).toBeLessThan(60 * 20_000);
    expect(work(40_000)).toBeLessThan(2.2 * work(20_000));
  });
});
