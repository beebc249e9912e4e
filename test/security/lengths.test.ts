import { describe, expect, test } from 'vitest';
import { leadByRules } from '../../core/extraction/rules/lead.ts';
import { noteByRules } from '../../core/extraction/rules/note.ts';
import { wantedIn as wantedPlainly } from '../../core/kernel/search/query.ts';
import { budgets, requireWithinBudget } from '../../core/kernel/words/budgets.ts';
import { didYouMean } from '../../core/kernel/words/did-you-mean.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { escapeHtml } from '../../core/kernel/words/escape-html.ts';
import { fold } from '../../core/kernel/words/fold.ts';
import { parseInput } from '../../core/kernel/words/parse-input.ts';
import { quote } from '../../core/kernel/words/quote.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { cutToTokens } from '../../core/kernel/words/tokens.ts';
import { wantedIn } from '../../core/search/words.ts';
import { calls, registry } from '../contracts/registered.ts';
import { growthOf, hostileTexts, textPaths, withText } from './growth.ts';

// What a text costs grows with its length and no faster, and so much is read of one as anybody writes.

const patience = 600_000;

describe('what a text costs grows with its length and no faster', () => {
  const works: Readonly<Record<string, (text: string) => unknown>> = {
    'taking card numbers out': text => redact(text),
    'reading a note by rules': text => noteByRules(text),
    'reading an inquiry by rules': text => leadByRules(text, 'US'),
    'understanding what is searched for': text => wantedIn(text),
    'looking for the nearest name': text => didYouMean(text, registry.actions.keys()),
    'marking it': text => quote(text),
    'writing it into a page': text => escapeHtml(text),
    'comparing it without accents': text => fold(text),
    'cutting it for a model': text => cutToTokens(text, 500),
  };

  test.each(Object.entries(works))(
    '%s',
    (_name, work) => {
      const slow = hostileTexts.flatMap(([unit, make]) => {
        const growth = growthOf(size => work(make(size)), 4_000);
        return growth.isLinear ? [] : [{ unit, ...growth }];
      });
      expect(slow).toEqual([]);
    },
    patience,
  );

  test(
    'the input of every registered action and workflow, in every text it takes',
    () => {
      const members = calls.flatMap(call => textPaths(call.inputSchema).map(path => ({ call, path })));
      expect(members.length).toBeGreaterThan(300);
      const slow = members.flatMap(({ call, path }) =>
        hostileTexts.flatMap(([unit, make]) => {
          const growth = growthOf(size => {
            const input = withText(call.spec.example ?? {}, path, make(size));
            try {
              parseInput(call.spec.input, call.inputSchema, input, { aliases: registry.aliases });
            } catch (error) {
              if (!(error instanceof DeskhandError)) throw error;
            }
          }, 4_000);
          return growth.isLinear ? [] : [{ action: call.id, path: path.join('.'), unit, ...growth }];
        }),
      );
      expect(slow).toEqual([]);
    },
    patience,
  );

  test(
    'unknown members, wrong elements and members of a free form, in every action',
    () => {
      const many: Readonly<Record<string, (size: number) => Record<string, unknown>>> = {
        'unknown members': size =>
          Object.fromEntries(Array.from({ length: size }, (_, n) => [`nmae_${n}`, n])),
        'wrong elements': size => ({ tags: Array.from({ length: size }, () => ({})) }),
        'custom fields': size => ({
          custom_fields: Object.fromEntries(Array.from({ length: size }, (_, n) => [`Wrong ${n}`, {}])),
        }),
      };
      const slow = calls.flatMap(call =>
        Object.entries(many).flatMap(([what, make]) => {
          const growth = growthOf(size => {
            expect(() =>
              parseInput(call.spec.input, call.inputSchema, make(size), { aliases: registry.aliases }),
            ).toThrow(DeskhandError);
          }, 1_000);
          return growth.isLinear ? [] : [{ action: call.id, what, ...growth }];
        }),
      );
      expect(slow).toEqual([]);
    },
    patience,
  );
});

test('of ten thousand mistakes a caller is told of the first ten', () => {
  const contact = registry.action('contact.create');
  const input = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`nmae_${n}`, n]));
  try {
    parseInput(contact.spec.input, contact.inputSchema, input, { aliases: registry.aliases });
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    expect(error.details.problems).toHaveLength(budgets.told_mistakes);
  }
});

describe('of a text without end', () => {
  const dog = 'They have a dog named Biscuit.';
  const reads: readonly [string, (text: string) => unknown][] = [
    ['a note', text => noteByRules(text)],
    ['an inquiry', text => leadByRules(text, 'US')],
  ];
  test.each(reads)('%s is read by rules as far as anybody writes, and no further', (_what, read) => {
    const short = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`).join('\n');
    const wide = (size: number) => 'word '.repeat(size / 5);
    for (const [within, beyond] of [
      [short(budgets.read_sentences - 1), short(budgets.read_sentences)],
      [wide(budgets.read_characters - 1_000), wide(budgets.read_characters)],
    ] as const) {
      expect(JSON.stringify(read(`${within}\n${dog}`))).toContain('Biscuit');
      expect(JSON.stringify(read(`${beyond}\n${dog}`))).not.toContain('Biscuit');
    }
    expect(Math.max(budgets.read_sentences / 300, budgets.read_characters / 20_000)).toBeLessThanOrEqual(1);
  });

  test('so many words are looked for, and of so many characters', () => {
    const words = (count: number) => Array.from({ length: count }, (_, n) => `qz${n}`).join(' ');
    for (const wanted of [wantedIn, wantedPlainly]) {
      expect(wanted(words(12)).terms).toHaveLength(12);
      expect(wanted(words(13)).terms).toHaveLength(12);
      expect(wanted(`${' '.repeat(190)}early`).terms).toHaveLength(1);
      expect(wanted(`${' '.repeat(200)}late`).terms).toEqual([]);
    }
  });

  test('so many members are taken in one body, all levels together', () => {
    const body = (count: number) => ({
      rows: Array.from({ length: count / 1_000 }, () =>
        Object.fromEntries(Array.from({ length: 999 }, (_, n) => [`m${n}`, n])),
      ),
    });
    expect(() => requireWithinBudget(body(11_000))).not.toThrow();
    expect(() => requireWithinBudget(body(13_000))).toThrow('A call may have at most 12000 members.');
  });
});
