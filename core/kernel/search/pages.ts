import { hash } from 'node:crypto';
import { z } from 'zod';
import type { ReadContext } from '../pipeline/context.ts';
import { packPlace, strangeCursor, unpackPlace } from '../registry/paging.ts';
import { mostCounted } from './find-documents.ts';

// A search has no column to go on by: its order is how well things fit. So a page behind the first one is cut from everything
// that is found, behind the last one that was shown.

/** Where an answer ended. */
export interface Place {
  shown: number;
  /** The mark of the last one shown; none where what follows is ordered anew. */
  last: string | null;
  /** The marks of what the first page showed, when more was found than it could put in order: it is not shown again. */
  first: readonly string[];
}

/** How many there are, as an answer says it: exactly up to two hundred. */
export const totalOf = (count: number): number | typeof moreThanCounted =>
  count > mostCounted ? moreThanCounted : count;

export const moreThanCounted = 'more than 200';
export const totalSchema = z.union([z.int(), z.literal(moreThanCounted)]);

const placeShape = z.tuple([z.int().min(1), z.string().nullable(), z.array(z.string()).max(100), z.string()]);

/** Reads the place a cursor stands for. Throws VALIDATION_ERROR for one of another search, or that somebody changed. */
export function readPlace(
  context: ReadContext,
  asked: unknown,
  cursor: string | undefined,
): Place | undefined {
  if (cursor === undefined) return undefined;
  const [shown, last, first, seal] = unpackPlace(cursor, placeShape);
  const place = { shown, last, first };
  if (seal !== sealOf(context, asked, place)) throw strangeCursor();
  return place;
}

/** The cursor for a place; `asked` is everything the answer depends on but how long its pages are. */
export const writePlace = (context: ReadContext, asked: unknown, place: Place): string =>
  packPlace([place.shown, place.last, place.first, sealOf(context, asked, place)]);

const sealOf = ({ organization }: ReadContext, asked: unknown, { shown, last, first }: Place): string =>
  digest(JSON.stringify([organization.id, asked, shown, last, first])).slice(0, 12);

const digest = (text: string): string => hash('sha256', text, 'base64url');

const markOf = (id: string): string => digest(id).slice(0, 8);

interface Cut<T> {
  rows: T[];
  /** Where it ended; left out when nothing follows. */
  place?: Place;
}

/** The first page: the best of what was found, of which there are `count`; above `mostCounted` those in order were a part. */
export function firstPage<T>(
  best: readonly T[],
  {
    limit,
    count,
    isPart,
    idOf,
  }: { limit: number; count: number; isPart: boolean; idOf: (item: T) => string },
): Cut<T> {
  const rows = best.slice(0, limit);
  const last = rows.at(-1);
  if (last === undefined || count <= rows.length) return { rows };
  const place = isPart
    ? { shown: rows.length, last: null, first: rows.map(row => markOf(idOf(row))) }
    : { shown: rows.length, last: markOf(idOf(last)), first: [] };
  return { rows, place };
}

/** A page behind the first one, cut from everything that is found. */
export function nextPage<T>(
  all: readonly T[],
  { shown, last, first }: Place,
  { limit, idOf }: { limit: number; idOf: (item: T) => string },
): Cut<T> {
  const seen = new Set(first);
  const left = seen.size === 0 ? all : all.filter(item => !seen.has(markOf(idOf(item))));
  const at = last === null ? -1 : left.findIndex(item => markOf(idOf(item)) === last);
  // Whoever was shown last and is gone since leaves as many before it as there were.
  const start = last !== null && at < 0 ? shown - first.length - 1 : at + 1;
  const rows = left.slice(start, start + limit);
  const end = rows.at(-1);
  if (end === undefined || left.length <= start + rows.length) return { rows };
  return { rows, place: { shown: shown + rows.length, last: markOf(idOf(end)), first } };
}
