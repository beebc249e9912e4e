import { showAttribute } from '../extraction/show.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listOfContacts } from './read-queries.ts';
import { showWithDoubt } from './record.ts';

/** The facts of customers as their `attributes` include shows them, confirmed ones first (CON-06). */
export async function loadFactsOf(
  context: ReadContext,
  ids: readonly string[],
): Promise<Map<string, unknown[]>> {
  const byContact = new Map<string, unknown[]>();
  for (const fact of await listOfContacts(context, ids)) {
    const { contact_id, reference, key, value, details, source, is_confirmed } = fact;
    const row = { reference, key, value, details, shown: showAttribute(fact), source, is_confirmed };
    byContact.set(contact_id, [...(byContact.get(contact_id) ?? []), row]);
  }
  return byContact;
}

/** What is known of a customer as people read it, confirmed first: `pet: dog (name: Biscuit) (unconfirmed)`. */
export async function shownAttributesOf(
  context: ReadContext,
  contactId: string,
  most: number,
): Promise<string[]> {
  return (await listOfContacts(context, [contactId])).slice(0, most).map(showWithDoubt);
}
