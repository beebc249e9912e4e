import { showAttribute } from '../extraction/show.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import type { Include } from '../kernel/records/record.ts';
import { listIdsOf, listOfContacts } from './read-queries.ts';
import { showWithDoubt } from './record.ts';

// What the record of customers needs; it may not import the record of attributes, which points to it.

export { countOwn as countOwnAttributes, knownOf } from './read-queries.ts';

/** The `attributes` include of contacts (CON-06). */
export const attributesInclude: Include = {
  summary: 'what is known of this customer',
  async load(context, ids) {
    const byContact = new Map<string, unknown[]>();
    for (const fact of await listOfContacts(context, ids)) {
      const { contact_id, reference, key, value, details, source, is_confirmed } = fact;
      const shown = showAttribute(fact);
      const row = { reference, key, value, details, shown, source, is_confirmed };
      byContact.set(contact_id, [...(byContact.get(contact_id) ?? []), row]);
    }
    return byContact;
  },
};

/** What is known of a customer as people read it, confirmed first: `pet: dog (name: Biscuit) (unconfirmed)`. */
export async function shownAttributesOf(
  context: ReadContext,
  contactId: string,
  most: number,
): Promise<string[]> {
  return (await listOfContacts(context, [contactId])).slice(0, most).map(showWithDoubt);
}

/** Makes the search documents of customers' facts again, after the customers went or came back. */
export async function reindexAttributesOf(context: Context, contactIds: readonly string[]): Promise<void> {
  for (const id of await listIdsOf(context, contactIds)) context.reindex('attribute', id);
}
