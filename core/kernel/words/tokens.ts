import { usualAtStart, usualBehindSpace } from './usual-words.ts';

/**
 * At least as many tokens as a model counts for a text (o200k), without its vocabulary of 200,000 words: an answer that is
 * cut by this is never longer than promised. The lines of a day plan come out at about one and a half times their true
 * length, prose at a bit more than twice, what was written to be expensive at its true one.
 *
 * What it rests on: up to three digits are one token, and so are some usual words behind a space. A byte is one token at
 * most. And a model joins two neighbours whenever its vocabulary has them joined, which it has for a space with a letter
 * and for all pairs of letters but the few below: so no two letters stand alone side by side. The tests compare it with
 * the real count.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; ) {
    const run = lengthOfRun(text, at);
    tokens += run.tokens;
    at += run.length;
  }
  return tokens;
}

/** The beginning of a text that is no more than so many estimated tokens, with "…" when something was left out. */
export function cutToTokens(text: string, most: number): string {
  if (estimateTokens(text) <= most) return text;
  const characters = [...text];
  let [fits, fitsNot] = [0, characters.length];
  while (fitsNot - fits > 1) {
    const middle = Math.floor((fits + fitsNot) / 2);
    if (estimateTokens(`${characters.slice(0, middle).join('')}…`) <= most) fits = middle;
    else fitsNot = middle;
  }
  return `${characters.slice(0, fits).join('').trimEnd()}…`;
}

interface Run {
  length: number;
  tokens: number;
}

function lengthOfRun(text: string, at: number): Run {
  const digits = matchAt(/[0-9]+/y, text, at);
  if (digits > 0) return { length: digits, tokens: Math.ceil(digits / 3) };
  const letters = matchAt(/ ?[A-Za-z]+/y, text, at);
  if (letters > 0) return { length: letters, tokens: tokensOfWord(text, at, at + letters) };
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { length: character.length, tokens: tokensOf(character) };
}

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Digits of other scripts shift where the groups of three behind them begin. */
function tokensOf(character: string): number {
  if (character === '«' || character === '»') return 1;
  return Buffer.byteLength(character) + (/\P{ASCII}/u.test(character) && /\p{N}/u.test(character) ? 1 : 0);
}

/** Letters, perhaps with a space in front: one token when they are a usual word that stands by itself. */
function tokensOfWord(text: string, from: number, to: number): number {
  const run = text.slice(from, to);
  const isUsual = run.startsWith(' ')
    ? usualBehindSpace.has(run.slice(1))
    : usualAtStart.has(run) && /^[«]?$/.test(text[from - 1] ?? '');
  return isUsual && endsWord.test(text[to] ?? '') ? 1 : tokensOfLetters(text, from, to);
}

/** What may stand behind a word without becoming a part of it. */
const endsWord = /^[^'A-Za-z\u0080-\uffff]?$|^[«»]$/;

/** The most pieces of one, two and more letters, when two single ones are neighbours only where a pair is no word. */
function tokensOfLetters(text: string, from: number, to: number): number {
  let [single, joined, before] = [1, 0, 0];
  for (let at = from + 1; at < to; at++) {
    const most = Math.max(single, joined);
    single = 1 + Math.max(joined, isApart(text, at) ? single : 0);
    joined = 1 + before;
    before = most;
  }
  return Math.max(single, joined);
}

/** Whether the letter at a place and the one before it may stay two tokens. */
function isApart(text: string, at: number): boolean {
  // Behind "it's" a new word begins, whatever follows.
  if (text[at - 2] === "'" || text[at - 3] === "'") return true;
  const pair = text.slice(at - 1, at + 1);
  return !/^(?: [A-Za-z]|[a-z]{2}|[A-Z]{2})$/.test(pair) || pairsApart.has(pair);
}

const pairsApart = new Set(
  [
    'bq gk gq jv jz kq kz lq nq qf qg qj qk qv qz rj tq wq wz xg xj xk xq xv xw yq zj zq zv',
    'EJ FJ FQ FZ GJ GQ GZ IY JH JQ JX JY JZ KJ KQ KX KZ LJ LQ LZ MZ NQ OQ OZ PZ QF QG QH QJ QK QO QW QX QY QZ RZ TQ',
    'UO UQ VJ VQ VY VZ WJ WQ WZ XG XH XJ XK XQ XU XW YB YF YH YI YJ YQ YV ZB ZC ZJ ZK ZL ZP ZQ ZV',
  ].flatMap(line => line.split(' ')),
);
