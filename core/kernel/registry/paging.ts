import type { z } from 'zod';
import { isUuid } from '../database/ids.ts';
import { type DeskhandError, invalid } from '../words/errors.ts';

/** A page of rows of which one more than fits was read; `placeOf` says where the next page begins. */
export function pageOf<R>(
  rows: readonly R[],
  limit: number,
  placeOf: (last: R) => string,
): { rows: R[]; next_cursor?: string } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, ...(rows.length > limit && last ? { next_cursor: placeOf(last) } : {}) };
}

/** A cursor somebody has made up, or of another list. */
export const strangeCursor = (): DeskhandError =>
  invalid('cursor', 'This cursor does not belong to this list.', {
    hint: 'Use next_cursor of the answer before, with the same sort and filters, or leave it out to start anew.',
  });

/** The id a page begins after, in lists by id. Throws VALIDATION_ERROR. */
export function requireId(cursor: string | undefined): void {
  if (cursor !== undefined && !isUuid(cursor)) throw strangeCursor();
}

/** A place of several parts as a cursor. */
export const packPlace = (parts: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** What `packPlace` packed. Throws VALIDATION_ERROR for what has another shape. */
export function unpackPlace<T>(cursor: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw strangeCursor();
  }
}
