import type { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { documentOfInvoice } from '../reading/invoice-document.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { amountsOf } from './lines.ts';
import type { Chosen } from './payer.ts';
import { insertLines, type NewLine } from './queries.ts';
import type { InvoiceLine } from './record.ts';
import { defaultCollectionMethod, defaultPaymentTerms } from './settings.ts';

/** What may be said of a bill besides its lines, and whose it is. */
export interface Draft extends z.output<typeof invoiceRecord.writable> {
  /** None of a company of which we know nobody. */
  contact_id?: string | undefined;
  /** The visit that is billed; none for a bill that stands alone. */
  ticket_id?: string;
  /** That of the visit; the business's when left out. */
  currency?: string;
  lines: readonly NewLine[];
  /** What its payers are called, where that was read already. */
  names?: Chosen['names'];
}

/** Writes a draft with its lines; what they come to is its total (INV-12). Throws VALIDATION_ERROR for a day that is past. */
export async function insertDraft(
  context: Context,
  { lines, names, ...draft }: Draft,
): Promise<{ invoice: Invoice; lines: InvoiceLine[] }> {
  let written: Promise<InvoiceLine[]> | undefined;
  const input = {
    source: draft.ticket_id === undefined ? 'standalone' : 'ticket',
    collection_method: settingOf(context, defaultCollectionMethod),
    ...usualTerms(context),
    ...draft,
    ...amountsOf(lines, draft.discount_cents ?? 0, draft.currency ?? context.organization.currency),
  };
  const invoice = await createRecord(context, invoiceRecord, input, {
    beside: id => {
      written = insertLines(context, id, lines);
      return written;
    },
    document: row =>
      names && documentOfInvoice({ ...row, ...names, lines: lines.map(({ description }) => description) }),
  });
  return { invoice, lines: (await written) ?? [] };
}

function usualTerms(context: Context): { payment_terms?: string } {
  const payment_terms = settingOf(context, defaultPaymentTerms);
  return payment_terms === 'none' ? {} : { payment_terms };
}
