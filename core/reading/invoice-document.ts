import { type Invoice, invoiceRecord } from '../invoices/invoice.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { referenceTerms } from '../kernel/records/references.ts';
import { customWords } from '../kernel/records/row-document.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { fold } from '../kernel/words/fold.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { type Billed, listBilled } from './document-queries.ts';

/** The search documents of some bills: reference, customer, what was done. */
export async function invoiceDocuments(
  context: ReadContext,
  ids: readonly string[],
): Promise<SearchDocument[]> {
  const [invoices, billed] = await Promise.all([
    listByIds(context, invoiceRecord, ids),
    listBilled(context, ids),
  ]);
  const byId = new Map(billed.map(one => [one.id, one]));
  return invoices.flatMap(invoice => {
    const one = byId.get(invoice.id);
    return one ? [documentOfInvoice({ ...invoice, ...one })] : [];
  });
}

/** The search document of a bill of which the names of its payers and the words of its lines are known. */
export function documentOfInvoice(invoice: Invoice & Billed): SearchDocument {
  const lines = (invoice.lines ?? []).join(', ');
  const due = invoice.due_on === null ? undefined : `due ${invoice.due_on}`;
  return {
    id: invoice.id,
    reference: invoice.reference,
    title: lines === '' ? 'Invoice' : lines,
    detail: [
      invoice.contact_id === null ? invoice.company : undefined,
      invoice.status,
      formatMoney(invoice.total_cents, invoice.currency),
      due,
    ]
      .filter(Boolean)
      .join(', '),
    about: invoice.contact_id,
    names: [invoice.customer, invoice.company, lines].filter(Boolean).join(' '),
    terms: [...referenceTerms(invoice.reference), ...foreignTerms(invoice)].join(' '),
    body: [
      ...['invoice', invoice.description, invoice.notes, invoice.internal_notes, invoice.end_reason],
      ...invoice.tags,
      ...customWords(invoice.custom_fields),
      ...(invoice.lines ?? []),
    ]
      .filter(Boolean)
      .join('\n'),
  };
}

/** A bill of the program used before is asked for by its number there, as a whole or by its figures. */
const foreignTerms = ({ foreign_number }: Pick<Invoice, 'foreign_number'>): string[] => {
  const whole = fold(foreign_number ?? '').replace(/\s+/g, '');
  return whole === '' ? [] : [...new Set([whole, ...(whole.match(/\d+/g) ?? [])])];
};
