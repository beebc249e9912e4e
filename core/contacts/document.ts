import { phoneTerms } from '../kernel/phone.ts';
import { referenceTerms } from '../kernel/refs.ts';
import type { SearchDocument } from '../kernel/search-document.ts';
import type { DocumentSource } from './queries.ts';
import type { Contact } from './record.ts';

/** The words a customer is found by (CON-05): name and place with typing errors, telephone and e-mail exactly. */
export function contactDocument(source: DocumentSource): SearchDocument {
  const emails = source.emails.map(entry => entry.email);
  return {
    id: source.id,
    title: source.full_name,
    names: [
      source.full_name,
      source.nickname,
      source.company,
      ...(source.addresses ?? []),
      ...source.tags,
      ...emails,
    ]
      .filter(Boolean)
      .join(' '),
    terms: [
      ...referenceTerms(source.reference),
      ...source.phones.flatMap(entry => phoneTerms(entry.number)),
      ...emails.flatMap(email => email.split(/[^\p{L}\p{N}]+/u)),
    ].join(' '),
    body: [source.notes, ...(source.entries ?? [])].filter(Boolean).join('\n'),
  };
}

/** The words of a customer who was just created and has no address, note or company yet. */
export const documentOfNew = (contact: Contact): SearchDocument =>
  contactDocument({ ...contact, company: null, addresses: null, entries: null });
