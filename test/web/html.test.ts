import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { asTyped, html, raw, visible } from '../../web-review/html.ts';

describe('what people wrote is text, never markup', () => {
  test('markup in a value is escaped, in text and in a quoted attribute', () => {
    const hostile = `"><script>alert('1')</script>&`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  test('markup of our own templates stays markup, also in lists', () => {
    const items = ['a', '<b>'].map(item => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${raw('<hr>')}`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>');
  });

  test('what is missing leaves nothing, and zero is shown', () => {
    expect(html`[${null}${undefined}${false}${0}]`.text).toBe('[0]');
  });
});

describe('characters nobody sees are spelt out', () => {
  test('a name that is turned round shows how', () => {
    expect(visible('invoice\u202Efdp.exe')).toBe('invoice[U+202E]fdp.exe');
    expect(html`${'a\u200Bb'}`.text).toBe('a[U+200B]b');
  });

  test.each([
    ['zero-width space', '\u200b'],
    ['soft hyphen', '\u00ad'],
    ['right-to-left isolate', '\u2067'],
    ['byte order mark', '\ufeff'],
    ['null', '\u0000'],
    ['escape', '\u001b'],
    ['next line', '\u0085'],
    ['line separator', '\u2028'],
    ['hangul filler', '\u3164'],
    ['tag letter', '\u{e0041}'],
    ['braille blank', '\u2800'],
    ['half an emoji', '\ud83d'],
  ])('a %s is spelt out', (_name, character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    expect(visible(`a${character}b`)).toBe(`a[U+${code}]b`);
  });

  test.each([
    ['line breaks and tabs', 'one\n\ttwo'],
    ['accents and other scripts', 'Zoë Łukasz 山田 שלום Пётр'],
    ['a family and a heart', '👨‍👩‍👧 ❤️'],
    ['Persian with its joiner', 'می‌خواهم'],
    ['no-break space', 'a\u00a0b'],
  ])('%s stay as they are', (_name, text) => {
    expect(visible(text)).toBe(text);
  });

  test('a joiner inside a Latin word, where it has no business, is spelt out', () => {
    expect(visible('pay\u200dpal')).toBe('pay[U+200D]pal');
  });

  test('the value of a form field comes back to us unchanged', () => {
    expect(asTyped('a\u200bb"').text).toBe('a\u200bb&quot;');
  });
});

test('every colour can be read in sunlight: contrast 7 to 1 or more, light and dark', () => {
  const css = readFileSync(new URL('../../web-review/static/style.css', import.meta.url), 'utf8');
  const blocks = [...css.matchAll(/:root \{([^}]*)\}/g)].map(match => match[1] ?? '');
  expect(blocks).toHaveLength(2);
  for (const block of blocks) {
    const colour = (name: string) => new RegExp(`--${name}: (#[0-9a-f]+);`).exec(block)?.[1] ?? '';
    for (const ink of ['ink', 'soft', 'accent', 'good', 'danger', 'warn']) {
      expect.soft(contrast(colour(ink), colour('paper')), `${ink} on paper`).toBeGreaterThanOrEqual(7);
      expect.soft(contrast(colour(ink), colour('card')), `${ink} on card`).toBeGreaterThanOrEqual(7);
    }
    expect.soft(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(7);
    for (const ink of ['accent', 'good', 'danger', 'warn']) {
      expect
        .soft(contrast(colour(ink), colour(`${ink}-soft`)), `${ink} on its box`)
        .toBeGreaterThanOrEqual(7);
      expect.soft(contrast(colour('ink'), colour(`${ink}-soft`))).toBeGreaterThanOrEqual(7);
    }
    for (const hue of [0, 1, 2, 3, 4, 5, 6, 7].map(number => colour(`hue-${number}`))) {
      expect.soft(contrast(hue, colour('card')), `${hue} on card`).toBeGreaterThanOrEqual(4.5);
      expect.soft(contrast(hue, colour('paper')), `${hue} on paper`).toBeGreaterThanOrEqual(4.5);
    }
  }
});

/** The contrast ratio of WCAG 2. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const digits = hex.length === 4 ? hex.replace(/[0-9a-f]/g, digit => digit + digit) : hex;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
