import { isUuid } from '../database/ids.ts';
import { redact } from '../words/redaction.ts';

// A call is taken back by the id of its request. That id is 23 tokens to an agent; its time and the end of it are ten.

const tailLength = 3;
const tails = 36 ** tailLength;
const shape = /^u-([0-9a-z]{7,9})([0-9a-z]{3})$/i;

/**
 * The word by which a call is taken back: `u-mib2x9k4fa3`. Undefined for an id that does not say when it was made. One word in
 * some millions ends like a card security code, `…cvv123`, and would be taken out of the call that brings it: then it is the id.
 */
export function undoToken(requestId: string): string | undefined {
  if (!isTimed(requestId)) return undefined;
  const token = `u-${timeOf(requestId).toString(36)}${tailOf(requestId)}`;
  return redact(token).found.length === 0 ? token : requestId;
}

/** The calls a word may mean: those of one moment, of which `fits` tells the one. */
export interface WantedCall {
  /** Milliseconds since 1970. */
  at: number;
  fits(requestId: string): boolean;
}

/** Reads such a word, or the whole id of a request. Undefined for anything else. */
export function readUndoToken(text: string): WantedCall | undefined {
  if (isTimed(text)) return { at: timeOf(text), fits: id => id === text.toLowerCase() };
  const [, time, tail] = shape.exec(text) ?? [];
  if (time === undefined || tail === undefined) return undefined;
  const at = Number.parseInt(time, 36);
  return { at, fits: id => isTimed(id) && timeOf(id) === at && tailOf(id) === tail.toLowerCase() };
}

// Version 7 alone says when it was made.
const isTimed = (id: string): boolean => isUuid(id) && id[14] === '7';

const timeOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

const tailOf = (id: string): string =>
  (Number.parseInt(id.slice(-4), 16) % tails).toString(36).padStart(tailLength, '0');
