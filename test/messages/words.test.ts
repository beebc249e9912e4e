import { describe, expect, test } from 'vitest';
import { sampleValues } from '../../core/messages/facts.ts';
import { htmlOf, textOf } from '../../core/messages/frame.ts';
import { kinds } from '../../core/messages/kinds.ts';
import { messageKinds } from '../../core/messages/record.ts';
import { isLinkName, isVariable, type Values } from '../../core/messages/variables.ts';
import { checkWords, fillWords, linksIn } from '../../core/messages/words.ts';
import { examples, fc } from '../support/properties.ts';

const filled = (text: string, values: Values, whose: 'ours' | 'theirs' = 'theirs') =>
  fillWords(text, values, whose);

describe('the words of a mail', () => {
  test.each(messageKinds)('of the house for %s name only what that mail knows, and are all filled', kind => {
    const { subject, body, variables } = kinds[kind];
    expect(() => checkWords(kind, 'subject', subject)).not.toThrow();
    expect(() => checkWords(kind, 'body', body)).not.toThrow();
    expect(variables.filter(name => !isVariable(name))).toEqual([]);
    for (const text of [subject, body]) {
      const { text: made = '' } = filled(text, sampleValues);
      expect(linksIn(made).filter(name => !isLinkName(name))).toEqual([]);
      expect(made).not.toMatch(/undefined|null/);
    }
  });

  test('are refused with a name nobody knows, and the one that is meant is said', () => {
    expect(() => checkWords('reminder', 'body', 'Hello {{customer_nme}}')).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_ERROR',
        details: expect.objectContaining({ field: 'body', did_you_mean: ['customer_name'] }),
      }),
    );
    expect(() => checkWords('reminder', 'body', 'Hello {{customer_name}}')).not.toThrow();
  });

  test.each([
    '{{#a}}x{{/a}}',
    '{{{customer_name}}}',
    '{{&customer_name}}',
    '{{>x}}',
    '{{=<% %>=}}',
    '{{open',
    '{{constructor}}',
  ])('are refused with %s: names are all there is', text => {
    expect(() => checkWords('reminder', 'body', text)).toThrow(
      expect.objectContaining({ code: 'VALIDATION_ERROR' }),
    );
  });

  test('that name something empty do not go out, and say what is missing', () => {
    expect(filled('Where: {{address}}', { customer_name: 'Jane' })).toEqual({ missing: ['address'] });
    expect(filled('Where: {{address}}', { address: '1 Elm St' })).toEqual({ text: 'Where: 1 Elm St' });
  });

  test('lose the line of a few words for the customer when there are none', () => {
    expect(filled('Hello.\n\n{{custom_message}}\n\nBye.', {})).toEqual({ text: 'Hello.\n\nBye.' });
  });

  test('never leave with a name in braces, whatever the customer is called', () => {
    const nasty = fc.oneof(
      fc.string(),
      fc.constantFrom('{{customer_name}}', '{{{{x}}}}', '{'.repeat(7), 'a\n\nb: {{accept_link}}', '<b>&"\''),
    );
    fc.assert(
      fc.property(fc.constantFrom(...messageKinds), nasty, nasty, (kind, name, message) => {
        const values = {
          ...sampleValues,
          customer_name: `x${name}`,
          customer_first_name: `x${name}`,
          custom_message: message,
        };
        const { text = '' } = fillWords(kinds[kind].body, values, 'ours');
        const links = Object.fromEntries(linksIn(text).map(link => [link, 'https://example.com/r/1']));
        const framed = { subject: 'x', text, footer: 'Bright Panes', links };
        for (const mail of [textOf(framed), htmlOf(framed)]) expect(mail).not.toContain('{{');
      }),
      { numRuns: examples(15) },
    );
  });

  test('of one line stay one line: a name cannot write a paragraph or a button of its own', () => {
    const { text } = filled('Hello {{customer_name}},', {
      customer_name: 'Jane\n\nPay here: {{payment_link}}',
    });
    expect(text).toBe('Hello Jane Pay here: { {payment_link} },');
  });
});

describe('the page of a mail', () => {
  const mail = (text: string, links = {}) =>
    htmlOf({ subject: 'Hi', text, footer: 'Bright Panes\n(256) 555-0100', links });

  test('shows words as words: nothing in them is markup', () => {
    const html = mail('Hello <img src=x onerror=alert(1)> & "you"');
    expect(html).toContain('Hello &lt;img src=x onerror=alert(1)&gt; &amp; &quot;you&quot;');
    expect(html).not.toContain('<img');
  });

  test('has one button, for the first link of a block, and ways in words for the others', () => {
    const links = { accept_link: 'https://a.example/1', decline_link: 'https://a.example/2' };
    const html = mail('Accept: {{accept_link}}\nDecline: {{decline_link}}', links);
    expect(html.match(/bgcolor/g)).toHaveLength(1);
    expect(html).toMatch(/<a href="https:\/\/a\.example\/1"[^>]*>Accept<\/a>/);
    expect(html).toMatch(/<a class="more" href="https:\/\/a\.example\/2"[^>]*>Decline<\/a>/);
  });

  test.each(messageKinds)('of %s is small, in a language, and loads nothing', kind => {
    const { text = '' } = fillWords(kinds[kind].body, sampleValues, 'ours');
    const links = Object.fromEntries(
      linksIn(text).map(link => [link, `https://example.com/r/${'x'.repeat(43)}`]),
    );
    const html = mail(text, links);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    expect(html).toContain('<html lang="en">');
    expect(html).not.toMatch(/<(img|script|link|iframe)|url\(|@import/);
  });
});
