import type { Rule } from '../kernel/pipeline/permission.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { findPaidAtDoor } from '../reading/paid-at-door.ts';
import { invoiceRecord } from './invoice.ts';

/** A customer who paid at the door is asked again only when a person wants it, until that money is recorded (GAP-32). */
export const paidAtDoor: Rule<{ invoice_id: string }> = {
  name: 'paid_at_door',
  level: 'requires_authorization',
  summary: 'when money was taken at the door of its visit and is not recorded on it',
  async applies(context, { invoice_id }) {
    const invoice = await findRow(context, invoiceRecord, invoice_id);
    if (!invoice || invoice.ticket_id === null) return undefined;
    const door = await findPaidAtDoor(context, invoice.ticket_id);
    if (!door || door.payment_cents <= invoice.paid_cents) return undefined;
    return `${door.words} was taken at the door of ${door.reference}, and this invoice does not take it off`;
  },
};
