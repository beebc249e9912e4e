import { DeskhandError } from './errors.ts';

/**
 * How much one call may hold, and how much of it is looked at, step by step: so that the work a text makes grows with its
 * length and ends somewhere, whoever wrote it. Every limit of this kind stands here.
 */
export const budgets = {
  /** Largest body of a call, in bytes. */
  body_bytes: 1024 * 1024,
  /** Largest message of an agent over MCP, in bytes. */
  message_bytes: 256 * 1024,
  /** What is read of a body before it is known whose it is, in bytes. */
  stranger_bytes: 16 * 1024,
  /** Members and elements of one body, all levels together. */
  members: 12_000,
  /** The same for the arguments of a tool. */
  tool_members: 10_000,
  tool_depth: 20,
  /** Elements of one list. */
  elements: 10_000,
  /** How deep lists and objects may lie in each other. */
  depth: 32,
  /** Members of an address behind its `?`. */
  query_members: 100,
  /** Fields of a form on a website, its own included. */
  form_fields: 200,
  /** Of so many mistakes in an input a caller is told. */
  told_mistakes: 10,
  /** Longer words are not compared with known ones: nobody misspells that much. */
  compared_characters: 80,
  /** So much of a query is read. */
  search_characters: 200,
  /** More words of a query are not looked for. */
  search_words: 12,
  /** A search that takes longer is stopped, in milliseconds. The database looks for less exact answers during a second only. */
  search_ms: 3_000,
  /** An analysis whose statement takes longer is stopped, in milliseconds. */
  analysis_ms: 5_000,
  /** Whoever watches a row looks this often by themselves, in milliseconds; usually they are told. */
  watch_ms: 30_000,
  /** So many rows are watched together. */
  watched_rows: 20,
  /** So many of one credential may watch at the same time, and so many of all in one process. */
  watches: 5,
  watches_of_all: 200,
  /** Searches of one caller that run at the same time; others wait their turn. */
  searches_at_once: 3,
  /** So many more of one caller may wait. */
  searches_waiting: 60,
  /** Searches of all callers that run at the same time, fewer than a server has connections to its database. */
  searches_of_all: 10,
  searches_of_all_waiting: 500,
  /** Sentences of a text that rules read. */
  read_sentences: 300,
  /** Characters of a text that rules read. */
  read_characters: 20_000,
  /** No word people write is longer; what is, is read in pieces. */
  word_characters: 80,
} as const;

const refusedNames = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Refuses before any schema looks: what is nested too deep, lists and members without end, names that reach into
 * JavaScript. Throws VALIDATION_ERROR.
 */
export function requireWithinBudget(body: unknown): void {
  let level: unknown[] = [body];
  let members = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const inside: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (depth >= budgets.depth) {
        throw new DeskhandError('VALIDATION_ERROR', `JSON may be nested ${budgets.depth} levels deep.`);
      }
      members += membersOf(value, inside);
      if (members > budgets.members) throw tooMany();
    }
    level = inside;
  }
}

function tooMany(): DeskhandError {
  return new DeskhandError('VALIDATION_ERROR', `A call may have at most ${budgets.members} members.`, {
    hint: 'Send less at once, in several calls.',
  });
}

/** How many members an object or a list has; they are put to those of its level. */
function membersOf(value: object, inside: unknown[]): number {
  if (Array.isArray(value)) {
    if (value.length > budgets.elements) {
      throw new DeskhandError('VALIDATION_ERROR', `A list may have at most ${budgets.elements} members.`, {
        got: value.length,
      });
    }
    for (const item of value) inside.push(item);
    return value.length;
  }
  const names = Object.keys(value);
  for (const name of names) {
    if (refusedNames.has(name)) {
      throw new DeskhandError('VALIDATION_ERROR', `"${name}" is not a name for a member.`, { field: name });
    }
    inside.push(Reflect.get(value, name));
  }
  return names.length;
}
