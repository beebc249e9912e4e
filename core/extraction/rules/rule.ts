import type { ProposedAttribute } from '../record.ts';
import { isNegated } from './negation.ts';
import type { Sentence } from './sentences.ts';

type Value = ProposedAttribute['value'];
/** The named groups of a pattern; '' for one that took no part. */
export type Groups = (name: string) => string;

/** One way people say a fact. */
export interface Rule {
  key: string;
  pattern: RegExp;
  /** What the fact is; several for "allergic to bees and dust"; none when it is not one after all. */
  value: Value | ((group: Groups) => Value | readonly Value[] | undefined);
  /** True where the words themselves say no: "do not ring the bell". */
  says_no?: boolean;
}

/** What rules find in sentences: in the order of the rules, then of the text. */
export function applyRules(rules: readonly Rule[], sentences: readonly Sentence[]): ProposedAttribute[] {
  const told = toldIn(sentences);
  return rules
    .filter(({ pattern }) => isAnywhere(pattern, told))
    .flatMap(rule => told.flatMap(text => findIn(rule, text)));
}

/** What sentences say, without what they ask. */
export const toldIn = (sentences: readonly Sentence[]): string[] =>
  sentences.flatMap(({ text, isQuestion }) => (isQuestion ? [] : [text]));

const byLine = new WeakMap<RegExp, RegExp>();

/**
 * Whether a pattern has anything to find in some sentences: looked for once in all of them, line by line, instead of in
 * each. Most patterns have nothing, and a text of ten thousand short lines costs no more than one long line.
 */
export function isAnywhere(pattern: RegExp, sentences: readonly string[]): boolean {
  const known = byLine.get(pattern) ?? new RegExp(pattern.source, `${pattern.flags.replaceAll('g', '')}m`);
  byLine.set(pattern, known);
  return known.test(joined(sentences));
}

const texts = new WeakMap<readonly string[], string>();

function joined(sentences: readonly string[]): string {
  const text = texts.get(sentences) ?? sentences.join('\n');
  texts.set(sentences, text);
  return text;
}

function findIn(rule: Rule, sentence: string): ProposedAttribute[] {
  return matchesOf(rule.pattern, sentence).flatMap(match => {
    if (!rule.says_no && isNegated(sentence, match.index, match.index + match[0].length)) return [];
    const found = typeof rule.value === 'function' ? rule.value(groupsOf(match)) : rule.value;
    const values: readonly Value[] = found === undefined ? [] : isList(found) ? found : [found];
    return values.map(value => ({ key: rule.key, value }));
  });
}

/** Every match of a pattern that was made by `words`, or says `g` itself. Unlike `matchAll`, without a copy of the pattern. */
export function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    matches.push(match);
    if (match[0] === '') pattern.lastIndex += 1;
  }
  return matches;
}

export const groupsOf =
  (match: RegExpMatchArray): Groups =>
  name =>
    match.groups?.[name] ?? '';

const isList = (value: Value | readonly Value[]): value is readonly Value[] => Array.isArray(value);

/** A pattern from parts in verbose spelling; case does not matter. */
export const words = (source: string): RegExp => new RegExp(source, 'giu');

/** What the group `said` took, in small letters. */
export const said = (group: Groups): string => group('said').toLowerCase().trim();

/** The rules of one key and value, one for each way to say it. */
export const rulesFor = (
  key: string,
  sources: readonly string[],
  value: Rule['value'],
  no?: 'says no',
): Rule[] =>
  sources.map(source => ({
    key,
    pattern: words(source),
    value,
    ...(no === undefined ? {} : { says_no: true }),
  }));
