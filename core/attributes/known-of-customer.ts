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

/**
 * What is known of a customer as people read it, confirmed first: `AT-1001` and `pet: dog (name: Biscuit) (unconfirmed)`. At
 * most so many, and how many `more` there are; how to get in is never among those left out.
 */
export async function shownAttributesOf(
  context: ReadContext,
  contactId: string,
  most: number,
): Promise<{ shown: { reference: string; words: string }[]; more: number }> {
  const all = await listOfContacts(context, [contactId]);
  const [access, others] = [all.filter(getsIn), all.filter(fact => !getsIn(fact))];
  const kept = all.length <= most ? all : [...access, ...others].slice(0, Math.max(most, access.length));
  return {
    shown: kept.map(fact => ({ reference: fact.reference, words: showWithDoubt(fact) })),
    more: all.length - kept.length,
  };
}

/** Codes of any kind, and where the key is: without them nobody can do the work. */
const getsIn = ({ key }: { key: string }): boolean => /_code$|^key_location$/.test(key);
