import type { ReadContext } from '../kernel/pipeline/context.ts';
import { type BookableMember, listBookable } from './queries.ts';

export type { BookableMember };

/** Everybody visits can be booked on, by name. */
export const bookableMembers = (context: ReadContext): Promise<BookableMember[]> => listBookable(context);
