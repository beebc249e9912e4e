import type { ReadContext } from '../kernel/pipeline/context.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { type DocumentSource, listDocumentSources } from './queries.ts';

/** The search documents of some bills: reference, customer, what was done. */
export const invoiceDocuments = async (
  context: ReadContext,
  ids: readonly string[],
): Promise<SearchDocument[]> => (await listDocumentSources(context, ids)).map(documentOf);

function documentOf(invoice: DocumentSource): SearchDocument {
  const lines = (invoice.lines ?? []).join(', ');
  const due = invoice.due_on === null ? undefined : `due ${invoice.due_on}`;
  return {
    id: invoice.id,
    reference: invoice.reference,
    title: lines === '' ? 'Invoice' : lines,
    detail: [invoice.status, formatMoney(invoice.total_cents, invoice.currency), due]
      .filter(Boolean)
      .join(', '),
    about: invoice.contact_id,
    names: [invoice.customer, lines].filter(Boolean).join(' '),
    terms: referenceTerms(invoice.reference).join(' '),
    body: ['invoice', invoice.notes, invoice.end_reason, ...(invoice.lines ?? [])].filter(Boolean).join('\n'),
  };
}
