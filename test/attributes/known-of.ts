import type { BrightPanes } from '../support/bright-panes.ts';

/** What is known of a customer, as it reads: `pet: dog (name: Biscuit)`, `?` behind what nobody has confirmed. */
export async function knownOf({ read, dana }: BrightPanes, contact: string): Promise<string[]> {
  const rows = await read(dana, 'contacts', { id: contact, include: ['attributes'], fields: ['reference'] });
  const facts = rows[0]?.attributes;
  if (!Array.isArray(facts)) throw new Error('contacts include no attributes');
  return facts.map(({ shown, is_confirmed }) => `${shown}${is_confirmed ? '' : '?'}`).sort();
}

/** A new customer of whom nothing is known. */
export async function newCustomer({ done, dana }: BrightPanes, full_name: string): Promise<string> {
  return String((await done(dana, 'contact.create', { full_name })).reference);
}
