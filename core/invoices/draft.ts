import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { insertLines, type NewLine } from './queries.ts';

export interface Draft {
  contact_id: string;
  /** The visit that is billed; none for a bill that stands alone. */
  ticket_id?: string;
  currency: string;
  due_on: string;
  notes?: string | undefined;
  lines: readonly NewLine[];
}

/** Writes a draft with its lines; what they come to is its total (INV-12). */
export async function insertDraft(context: Context, { lines, ...draft }: Draft): Promise<Invoice> {
  const subtotal = lines.reduce((sum, line) => sum + line.total_cents, 0);
  const invoice = await insertRow(context, invoiceRecord, {
    id: newId(),
    source: draft.ticket_id === undefined ? 'standalone' : 'ticket',
    ...draft,
    notes: draft.notes ?? null,
    subtotal_cents: subtotal,
    total_cents: subtotal,
  });
  await insertLines(context, invoice.id, lines);
  return invoice;
}
