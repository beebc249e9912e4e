import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { allForPeople } from '../for-people.ts';

/** What somebody typed that could not be saved, and why. */
export interface Draft {
  typed: Record<string, string>;
  /** The field it is about, with its place in a list: `phones.1.number`. Undefined when it is about all of it. */
  field: string | undefined;
  problem: string;
  status: number;
  /** Whether somebody else changed the row since the form was opened. */
  isOvertaken?: boolean;
}

const sayable: readonly string[] = [
  'AMBIGUOUS',
  'CONFLICT',
  'INVALID_STATE',
  'VALIDATION_ERROR',
  'NOT_FOUND',
];

/** What a page says of a refusal; whatever is more than that is thrown on. */
export function refusedBecause(error: unknown): Omit<Draft, 'typed'> {
  if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
  const { message, status, details } = error;
  return {
    field: details.field,
    problem: [message, ...allForPeople([details.hint ?? '', nextFree(details.next_free)])].join(' '),
    status,
  };
}

const free = z.array(z.object({ local: z.string() })).min(1);

/** When whoever is busy is free next, as a sentence. */
function nextFree(times: unknown): string {
  const found = free.safeParse(times);
  return found.success ? `Free next: ${found.data.map(({ local }) => local).join('; ')}.` : '';
}
