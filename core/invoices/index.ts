import { defineDomain } from '../kernel/registry/domain.ts';
import { unbilledVisits } from '../reading/unbilled.ts';
import { addLine } from './add-line.ts';
import { cancelInvoice } from './cancel.ts';
import { createInvoice } from './create.ts';
import { createInvoiceFromTicket } from './create-from-ticket.ts';
import { enableStripe } from './enable-stripe.ts';
import { finalizeInvoice } from './finalize.ts';
import { invoiceRecord } from './invoice.ts';
import { noteNotAtStripe } from './note-not-at-stripe.ts';
import { openCheckout } from './open-checkout.ts';
import { invoicePaper } from './paper.ts';
import { payLink, payLinkView } from './pay-link.ts';
import { planReminders, reminderTimer } from './plan-reminders.ts';
import { recordPayment } from './record-payment.ts';
import { removeLine } from './remove-line.ts';
import { resumeReminders } from './resume-reminders.ts';
import { sayPaid } from './say-paid.ts';
import { sendInvoiceAction } from './send.ts';
import { invoiceSettings } from './settings.ts';
import { stopReminders } from './stop-reminders.ts';
import { syncSetup } from './sync-setup.ts';
import { updateLine } from './update-line.ts';
import { voidInvoice } from './void.ts';

export const invoices = defineDomain({
  name: 'invoice',
  area: 'money',
  summary: 'Invoices: bills of visits and other work, from the draft until they are paid.',
  aliases: {
    amount_cents: ['value'],
    company_id: ['bill_to', 'billed_to', 'payer', 'payer_id'],
    lines: ['items'],
    due_on: ['due_date', 'due'],
    tax_rate: ['tax', 'tax_percent', 'tax_percentage'],
  },
  examples: { invoice: { notes: 'Thank you, Jane!' } },
  records: [invoiceRecord],
  actions: [
    createInvoice,
    createInvoiceFromTicket,
    addLine,
    updateLine,
    removeLine,
    finalizeInvoice,
    sendInvoiceAction,
    openCheckout,
    noteNotAtStripe,
    enableStripe,
    syncSetup,
    recordPayment,
    sayPaid,
    cancelInvoice,
    voidInvoice,
    stopReminders,
    resumeReminders,
    planReminders,
  ],
  timers: [reminderTimer],
  views: [unbilledVisits, invoicePaper, payLinkView],
  links: [payLink],
  settings: invoiceSettings,
  constraints: {
    invoices_issued: {
      code: 'INVALID_STATE',
      field: 'invoice_id',
      message: 'This invoice is issued; what it asks for does not change any more.',
      hint: 'If it is wrong, void it with invoice.void and create a new one.',
    },
    invoices_one_per_ticket: {
      code: 'CONFLICT',
      field: 'ticket_id',
      message: 'This visit is billed already.',
      hint: 'Look at invoices with this ticket_id.',
    },
  },
});
