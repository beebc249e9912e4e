import type { ReadContext } from '../kernel/pipeline/context.ts';
import { fold } from '../kernel/words/fold.ts';
import { formatAddress, type Postal } from './format.ts';
import { type ContactAddress, listOfCompanies, listOfContacts } from './queries.ts';

export type { ContactAddress };

/** The living addresses of some customers, oldest first. */
export const addressesOf = (context: ReadContext, contactIds: readonly string[]): Promise<ContactAddress[]> =>
  listOfContacts(context, contactIds);

/** The living addresses of some companies themselves, oldest first. */
export const addressesOfCompanies = (context: ReadContext, companyIds: readonly string[]) =>
  listOfCompanies(context, companyIds);

/** Without those that read like one before them, as two merged customers may both have had it: nobody can choose between those. */
export function distinctPlaces<A extends Postal>(places: readonly A[]): A[] {
  const read = (place: A) => fold(formatAddress(place)).replace(/[^\p{L}\p{N}]+/gu, ' ');
  const all = places.map(read);
  return places.filter((_, at) => all.indexOf(all[at] ?? '') === at);
}
