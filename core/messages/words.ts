import Mustache from 'mustache';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { DeskhandError, type ErrorDetails, invalid } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { kinds } from './kinds.ts';
import type { MessageKind } from './record.ts';
import { isLinkName, isVariable, type Values, type VariableName, variables } from './variables.ts';

/** A text with names in it, read: what stands there as it is, and what is filled in. */
type Piece = { text: string } | { name: string };

/** What can be wrong with a text: nothing else of Mustache is understood but names (no sections, no code). */
class Unreadable extends Error {}

/** Reads a text; throws Unreadable for whatever is more than names in double braces. */
function readText(text: string): Piece[] {
  return parse(text).map(([type, value]): Piece => {
    if (type === 'text') return { text: value };
    if (type === 'name') return { name: value };
    throw new Unreadable(`${quoteStart(value, 40)} is more than a name`);
  });
}

function parse(text: string): [string, string][] {
  try {
    return Mustache.parse(text, ['{{', '}}']).map(([type, value]) => [String(type), String(value)]);
  } catch {
    throw new Unreadable('a brace is not closed');
  } finally {
    // It keeps every text it has ever read.
    Mustache.clearCache();
  }
}

const howTo = 'Names stand in double braces, {{customer_name}}; nothing else can.';

/**
 * Checks a text of a kind when it is saved: every name in it must be one its mail knows. Throws VALIDATION_ERROR with the
 * names that are meant.
 */
export function checkWords(kind: MessageKind, field: string, text: string): void {
  const known = kinds[kind].variables;
  for (const name of namesIn(field, text)) {
    if (isVariable(name) && known.includes(name)) continue;
    const details: ErrorDetails = { got: name, valid_options: known };
    const near = didYouMean(name, known);
    throw invalid(field, `There is no ${quoteStart(`{{${name}}}`, 80)} in a mail of the kind ${kind}.`, {
      ...details,
      ...(near.length > 0 ? { did_you_mean: near } : {}),
      hint: `These there are: ${known.map(variable => `{{${variable}}}`).join(', ')}.`,
    });
  }
}

function namesIn(field: string, text: string): string[] {
  try {
    return linesOf(text).flatMap(line =>
      readText(line).flatMap(piece => ('name' in piece ? [piece.name] : [])),
    );
  } catch (error) {
    if (error instanceof Unreadable)
      throw invalid(field, `These words cannot be read: ${error.message}.`, { hint: howTo });
    throw error;
  }
}

/** A text with its values, or the names that have none. The names of links stay: their addresses are made at delivery. */
export type Filled = { text: string; missing?: never } | { text?: never; missing: readonly string[] };

/**
 * Fills a text. Of the words of the house a line with an empty value is left out; of words of the business one that must
 * not be empty is missing, and nothing goes out. Values are plain words: braces in them are taken apart, and those of one
 * line are one line.
 */
export function fillWords(text: string, values: Values, whose: 'ours' | 'theirs'): Filled {
  const missing = new Set<string>();
  const lines = linesOf(text).flatMap(line => {
    const pieces = piecesOf(line, missing);
    const empty = pieces.flatMap(piece =>
      'name' in piece && isEmpty(piece.name, values) ? [piece.name] : [],
    );
    if (empty.length > 0 && (whose === 'ours' || empty.every(isOptional))) return [];
    for (const name of empty) missing.add(name);
    return [pieces.map(piece => ('name' in piece ? filledIn(piece.name, values) : piece.text)).join('')];
  });
  if (missing.size > 0) return { missing: [...missing] };
  return {
    text: lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  };
}

const linesOf = (text: string): string[] => text.replace(/\r\n?/g, '\n').split('\n');

/** Names that no mail knows are missing like those that are empty: what cannot be read never goes out. */
function piecesOf(line: string, missing: Set<string>): Piece[] {
  try {
    return readText(line);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    missing.add(error.message);
    return [];
  }
}

const isOptional = (name: string): boolean => isVariable(name) && variables[name].is_optional === true;

const isEmpty = (name: string, values: Values): boolean =>
  !isVariable(name) || (values[name] ?? '').trim() === '';

function filledIn(name: string, values: Values): string {
  if (!isVariable(name)) return '';
  return isLinkName(name) ? `{{${name}}}` : plain(name, values[name] ?? '');
}

/** A value as it may stand in a mail: nothing in it is taken for a name, and a word on a line cannot begin another line. */
function plain(name: VariableName, value: string): string {
  const apart = value.replace(/\{(?=\{)/g, '{ ').replace(/\}(?=\})/g, '} ');
  return variables[name].is_long ? apart.trim() : apart.replace(/\s+/g, ' ').trim();
}

/** Why a message whose words miss something does not go out, for people and agents. */
export const missingWords = (missing: readonly string[]): string =>
  `There is nothing to put in for ${missing.map(name => (isVariable(name) ? `{{${name}}}` : name)).join(', ')}.`;

/** The names of the links in a filled text, in the order they stand there. */
export const linksIn = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name);

/** Throws INVALID_STATE for words that miss something. */
export const cannotBeFilled = (missing: readonly string[]): DeskhandError =>
  new DeskhandError('INVALID_STATE', missingWords(missing), {
    hint: 'Write other words, or add what is missing.',
  });
