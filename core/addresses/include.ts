import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Include } from '../kernel/records/record.ts';
import { type ContactAddress, listOfContacts } from './queries.ts';

/** The `addresses` include of contacts. */
export const addressesInclude: Include = {
  summary: 'where this customer is served',
  async load(context, ids) {
    const byContact = new Map<string, unknown[]>();
    for (const { contact_id, ...address } of await listOfContacts(context, ids)) {
      byContact.set(contact_id, [...(byContact.get(contact_id) ?? []), address]);
    }
    return byContact;
  },
};

/** The living addresses of some customers, oldest first. */
export const addressesOf = (context: ReadContext, contactIds: readonly string[]): Promise<ContactAddress[]> =>
  listOfContacts(context, contactIds);
