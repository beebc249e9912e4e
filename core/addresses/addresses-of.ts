import type { ReadContext } from '../kernel/pipeline/context.ts';
import { type ContactAddress, listOfCompanies, listOfContacts } from './queries.ts';

export type { ContactAddress };

/** The living addresses of some customers, oldest first. */
export const addressesOf = (context: ReadContext, contactIds: readonly string[]): Promise<ContactAddress[]> =>
  listOfContacts(context, contactIds);

/** The living addresses of some companies themselves, oldest first. */
export const addressesOfCompanies = (context: ReadContext, companyIds: readonly string[]) =>
  listOfCompanies(context, companyIds);
