import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { cutToTokens, estimateTokens } from '../../core/kernel/words/tokens.ts';
import { usualAtStart, usualBehindSpace } from '../../core/kernel/words/usual-words.ts';
import { examples, fc } from '../support/properties.ts';

const count = (text: string) => encode(text).length;

/** Pieces that are joined to texts: each kind is cheap or dear to a model in another way. */
const pieces = fc.oneof(
  fc.constantFrom(
    'Jane Smith',
    ' Main Street',
    ' Cleaning',
    " Smith's",
    ' and',
    ' nobody',
    'Mrs ',
    'O’Brien',
  ),
  fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'qkzxjvwQKZXJVW'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'0123456789٣٤५'), maxLength: 9 }),
  fc.string({ unit: fc.constantFrom(...'«»…\'"\\{}[]:,.!?()-_/#@ '), maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("'s", "'ll", "'T", 're', 'a', ' '), maxLength: 6 }),
  fc.string({ unit: fc.constantFrom(...'éüñßøåÅÉſǅ'), maxLength: 6 }),
  fc.string({ unit: fc.constantFrom(...'日本語漢字한글かな'), maxLength: 8 }),
  fc.string({
    unit: fc.constantFrom('😀', '👨‍👩‍👧', '🏳️‍🌈', '🇺🇸', '\u200d', '\u0301', '\u202e'),
    maxLength: 6,
  }),
  fc.constantFrom('\n', '\r\n', '\t', '  ', '\u00a0'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const texts = fc.array(pieces, { maxLength: 12 }).map(parts => parts.join(''));

describe('an estimate of tokens', () => {
  test('is never less than a model counts, whatever somebody writes', () => {
    fc.assert(
      fc.property(texts, text => {
        expect(estimateTokens(text)).toBeGreaterThanOrEqual(count(text));
      }),
      { numRuns: examples(20_000) },
    );
  });

  test('is never less for the same text inside JSON', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), list => {
        const text = JSON.stringify({ lines: list });
        expect(estimateTokens(text)).toBeGreaterThanOrEqual(count(text));
      }),
      { numRuns: examples(5000) },
    );
  });

  test('knows usual words: each is one token where it stands', () => {
    for (const word of usualBehindSpace)
      expect({ word, tokens: count(` ${word}`) }).toEqual({ word, tokens: 1 });
    for (const word of usualAtStart) {
      for (const [before, tokens] of [
        ['', 1],
        ['«', 2],
        ['"«', 3],
        [' «', 3],
      ] as const)
        expect(count(before + word)).toBeLessThanOrEqual(tokens);
    }
  });

  test.each([
    ['08:00 60m T-2001 «Jane Smith», «123 Main Street, Madison»; «Screen Cleaning»; Theo', 1.5],
    ['13:30 60m T-2014 «Eleanor Whitfield», «12 Caldwell Ln, Owens Cross Roads»; Tess; pending', 2],
    ['R-12 contact.delete denied by Olivia Bright: «She is an old customer of ours, call her first.»', 2.5],
  ])('is not too far from the count for what a day brings: %s', (text, times) => {
    expect(estimateTokens(text)).toBeLessThanOrEqual(times * count(text));
  });
});

describe('a text that is cut', () => {
  test('is no longer than wanted, and whole when it fits', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 3, max: 40 }), (text, most) => {
        const cut = cutToTokens(text, most);
        expect(estimateTokens(cut)).toBeLessThanOrEqual(most);
        if (estimateTokens(text) <= most) expect(cut).toBe(text);
        else expect(cut.endsWith('…')).toBe(true);
      }),
    );
  });

  test('does not break a character in two', () => {
    expect(cutToTokens('😀😀😀😀', 9)).toBe('😀…');
  });
});
