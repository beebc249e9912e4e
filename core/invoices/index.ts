import { defineDomain } from '../kernel/registry/define.ts';
import { unbilledVisits } from '../reading/unbilled.ts';
import { cancelInvoice } from './cancel.ts';
import { createInvoice } from './create.ts';
import { createInvoiceFromTicket } from './create-from-ticket.ts';
import { invoiceRecord } from './invoice.ts';
import { recordPayment } from './record-payment.ts';
import { sendInvoiceAction } from './send.ts';
import { daysUntilDue } from './settings.ts';
import { voidInvoice } from './void.ts';

export const invoices = defineDomain({
  name: 'invoice',
  area: 'money',
  summary: 'Invoices: bills of visits and other work, from the draft until they are paid.',
  aliases: { amount_cents: ['value'] },
  examples: { invoice: { notes: 'Thank you, Jane!' } },
  records: [invoiceRecord],
  actions: [
    createInvoice,
    createInvoiceFromTicket,
    sendInvoiceAction,
    recordPayment,
    cancelInvoice,
    voidInvoice,
  ],
  views: [unbilledVisits],
  settings: [daysUntilDue],
  constraints: {
    invoices_one_per_ticket: {
      code: 'CONFLICT',
      field: 'ticket_id',
      message: 'This visit is billed already.',
      hint: 'Look at invoices with this ticket_id.',
    },
  },
});
