import { describe, expect, test } from 'vitest';
import { readLimits } from '../../web-review/review/always.ts';
import { foreign, foreignProse } from '../../web-review/review/foreign.ts';

describe('words of strangers', () => {
  test('show every character nobody can see, marked, and keep those that letters need', () => {
    expect(foreign('a\u202Eb\u2066c\u200Bd').text).toBe(
      '<bdi>a<mark>[U+202E]</mark>b<mark>[U+2066]</mark>c<mark>[U+200B]</mark>d</bdi>',
    );
    expect(foreign('👩\u200D🔧 \u0646\u0645\u06CC\u200C\u062E').text).not.toContain('<mark>');
  });

  test('are never markup, and stay on one line within a sentence', () => {
    expect(foreign('<b>\n"x"').text).toBe('<bdi>&lt;b&gt; &quot;x&quot;</bdi>');
  });

  test('too long for a sentence say how much is missing; in a text all of it is there', () => {
    expect(foreign('x'.repeat(30), 10).text).toBe('<bdi>xxxxxxxxxx… (20 more characters)</bdi>');
    const long = `${'word '.repeat(300)}end`;
    expect(foreignProse(long).text).toContain(`<div class="prose" dir="auto">${long}</div>`);
    expect(foreignProse(long).text).toContain('show all 1,503 characters');
    expect(foreignProse('short').text).toBe('<div class="prose" dir="auto">short</div>');
  });
});

describe('the limits of a grant', () => {
  test('that are left empty bind nothing', () => {
    expect(readLimits({}, 'USD')).toEqual({});
    expect(readLimits({ per_day: ' ', amount: '', until: '' }, 'USD')).toEqual({});
  });

  test('are read as they are meant', () => {
    expect(readLimits({ per_day: '3', amount: '150.5', until: '2026-12-31' }, 'USD')).toEqual({
      per_day: 3,
      amount_cents: 15_050,
      until: '2026-12-31',
    });
    expect(readLimits({ amount: '19.99' }, 'USD')).toEqual({ amount_cents: 1999 });
  });

  test.each([{ per_day: '1.5' }, { per_day: '-1' }, { amount: '1,000' }, { amount: '1e3' }])(
    'that cannot be read are refused: %o',
    form => {
      expect(() => readLimits(form, 'USD')).toThrow(/number|amount/);
    },
  );
});
