import type { Contact } from './record.ts';

/** The keys a contact is recognised by: `email:jane@…`, `phone:+1256…`. */
export function keysOf(contact: Pick<Contact, 'emails' | 'phones'>): string[] {
  return [
    ...contact.emails.map(entry => `email:${entry.email}`),
    ...contact.phones.map(entry => `phone:${entry.number}`),
  ];
}
