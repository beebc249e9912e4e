import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { followPayments } from '../payments/follow-payments.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';

/** Which bill ends, and why; of somebody’s bills those that are said. */
export const endInput = (of: { fitting: 'draft' | 'open'; or_others?: true }) =>
  z.strictObject({ invoice_id: ref('invoice', of), reason: freeText.max(2000) });

/** Throws INVALID_STATE for a bill that was ended before. */
export function requireLivingInvoice({ reference, status }: Invoice): void {
  if (status !== 'cancelled' && status !== 'void') return;
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status} already, which is final.`, {
    hint: 'Bill the visit again with invoice.create_from_ticket if it is still owed.',
  });
}

/** Ends a bill for good; what was paid on it is to be given back (D8). */
export async function endInvoice(
  context: Context,
  invoice: Invoice,
  status: 'cancelled' | 'void',
  reason: string,
): Promise<void> {
  await updateRow(context, invoiceRecord, invoice.id, {
    status,
    ended_at: context.now.toString(),
    end_reason: reason,
  });
  await followPayments(context, invoice.id);
}
