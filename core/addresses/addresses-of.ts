import type { ReadContext } from '../kernel/pipeline/context.ts';
import { type ContactAddress, listOfContacts } from './queries.ts';

export type { ContactAddress };

/** The living addresses of some customers, oldest first. */
export const addressesOf = (context: ReadContext, contactIds: readonly string[]): Promise<ContactAddress[]> =>
  listOfContacts(context, contactIds);
