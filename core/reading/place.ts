import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { strangeCursor } from '../kernel/registry/paging.ts';

/** Where a page begins: after a moment and, of those of that moment, after an id. */
export interface Place {
  at: string;
  id: string;
}

/** Where the next page of a list by time begins. */
export const writePlace = (at: string, id: string): string => `${at}_${id}`;

/** The place a cursor stands for; undefined without one. Throws VALIDATION_ERROR for a made-up one. */
export function readPlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = '', ...rest] = cursor.split('_');
  if (rest.length === 0 && isUuid(id) && z.iso.datetime().safeParse(at).success) return { at, id };
  throw strangeCursor();
}
