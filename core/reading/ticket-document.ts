import type { ReadContext } from '../kernel/pipeline/context.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { customWords } from '../kernel/records/row-document.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { listTicketSources, type TicketSource } from './document-queries.ts';

/** The search documents of some visits. */
export const ticketDocuments = async (
  context: ReadContext,
  ids: readonly string[],
): Promise<SearchDocument[]> => (await listTicketSources(context, ids)).map(documentOf);

function documentOf(visit: TicketSource): SearchDocument {
  const services = (visit.lines ?? []).join(', ');
  return {
    id: visit.id,
    reference: visit.reference,
    title: services === '' ? 'Visit' : services,
    detail: `${visit.scheduled_at}, ${visit.status.replaceAll('_', ' ')}`,
    about: visit.contact_id,
    names: [visit.customer, visit.address, services].filter(Boolean).join(' '),
    terms: referenceTerms(visit.reference).join(' '),
    body: [visit.notes, visit.cancel_reason, ...(visit.lines ?? []), ...customWords(visit.custom_fields)]
      .filter(Boolean)
      .join('\n'),
  };
}
