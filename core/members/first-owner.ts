import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findFirstOwner } from './queries.ts';

/** The person who answers for what nobody was given: the owner who has been here longest. */
export const firstOwner = (context: ReadContext): Promise<string> => findFirstOwner(context);
