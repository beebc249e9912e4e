import { showAttribute } from '../extraction/show.ts';
import { makeDocument } from '../kernel/records/row-document.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { type Lead, leadColumns } from './record.ts';

/** What people call a lead: whoever asks, else what they ask for. */
export const labelOf = (lead: {
  full_name: string | null;
  company_name: string | null;
  title: string;
}): string => lead.full_name ?? lead.company_name ?? lead.title;

/** The words a lead is found by: its own, what is known of the property, and those of its notes. */
export function leadDocument({
  entries,
  ...lead
}: Lead & { entries: readonly string[] | null }): SearchDocument {
  const label = labelOf(lead);
  const own = makeDocument(leadColumns, () => label, lead);
  const details = lead.property_details.map(fact => showAttribute(fact).replaceAll('_', ' '));
  return {
    ...own,
    title: label === lead.title ? label : `${label}: ${lead.title}`,
    body: [own.body, ...details, ...(entries ?? [])].filter(Boolean).join('\n'),
  };
}
