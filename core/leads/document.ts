import { showAttribute } from '../extraction/show.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { phoneTerms } from '../kernel/words/phone.ts';
import type { DocumentSource } from './queries.ts';

/** What people call a lead: whoever asks, else what they ask for. */
export const labelOf = (lead: {
  full_name: string | null;
  company_name: string | null;
  title: string;
}): string => lead.full_name ?? lead.company_name ?? lead.title;

/** The words a lead is found by: name and place with typing errors, telephone and e-mail exactly, the rest as text. */
export function leadDocument(source: DocumentSource): SearchDocument {
  const { full_name, company_name, line1, line2, city, state, postal_code, email, phone } = source;
  const label = labelOf(source);
  return {
    id: source.id,
    reference: source.reference,
    title: label === source.title ? label : `${label}: ${source.title}`,
    detail: [source.status, phone, city].filter(Boolean).join(', '),
    contact_id: source.contact_id,
    names: joined([full_name, company_name, line1, line2, city, state, postal_code, email, ...source.tags]),
    terms: joined([
      ...referenceTerms(source.reference),
      ...(phone === null ? [] : phoneTerms(phone)),
      ...(email === null ? [] : email.split(/[^\p{L}\p{N}]+/u)),
    ]),
    body: [
      source.title,
      source.raw_notes,
      source.description,
      source.service_interest,
      source.preferred_time,
      source.budget_range,
      source.closed_reason,
      ...source.property_details.map(fact => showAttribute(fact).replaceAll('_', ' ')),
      ...(source.entries ?? []),
    ]
      .filter(Boolean)
      .join('\n'),
  };
}

const joined = (words: readonly (string | null)[]) => words.filter(Boolean).join(' ');
