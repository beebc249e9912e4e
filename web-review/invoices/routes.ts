import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { submit, typedTexts } from '../forms.ts';
import { readChange } from '../records/form.ts';
import { recordCalled } from '../records/kind.ts';
import { type Answer, type PageRequest, readList, recordOf } from '../site.ts';
import { toldWords } from '../tickets/cancel.ts';
import { readAmount } from './amount.ts';
import { draftFieldsOf } from './forms.ts';
import { showInvoice, showPaper } from './invoice.ts';
import { readTypedLine } from './lines.ts';
import { listInvoices, remindFromNowOn } from './list.ts';
import { createBill, showNewBill } from './new.ts';
import { checkPayment, listUnbilled } from './unbilled.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** What a form wants done, and what is said when it is. */
interface Wish {
  action: string;
  data: Record<string, unknown>;
  done: string;
  /** It is about one of its payments, and not told of the invoice. */
  of?: 'payment';
}

/** The pages of invoices. Opened by hand, the address of a form leads to the page it stands on. */
export function addInvoices(page: Route, form: Route): void {
  page('/invoices', listInvoices);
  page('/invoices/unbilled', listUnbilled);
  form('/invoices/remind', remindFromNowOn);
  page('/invoices/remind', async () => ({ redirect: '/invoices' }));
  page('/invoices/new', request => showNewBill(request));
  form('/invoices/new', createBill);
  page('/invoices/:ref', request => showInvoice(request));
  page('/invoices/:ref/pdf', showPaper);
  for (const [verb, wish] of Object.entries(forms)) {
    form(`/invoices/:ref/${verb}`, request => act(request, verb, wish));
    page(`/invoices/:ref/${verb}`, async request => ({ redirect: `/invoices/${recordOf(request)}` }));
  }
  form('/tickets/:ref/invoice', billVisit);
  form('/tickets/:ref/payment-checked', checkPayment);
  page('/tickets/:ref/payment-checked', async request => ({ redirect: `/tickets/${recordOf(request)}` }));
  page('/tickets/:ref/invoice', async request => ({ redirect: `/tickets/${recordOf(request)}` }));
}

type Texts = Record<string, string>;

/** Every form of an invoice's page, and what it wants. */
const forms: Readonly<Record<string, (texts: Texts, record: RecordSpec, currency: string) => Wish>> = {
  send: ({ email }) => ({
    action: 'invoice.send',
    data: email ? { email } : {},
    done: 'The invoice is on its way.',
  }),
  payment: ({ amount = '', note, method, received, receipt }, _, currency) => ({
    action: 'invoice.record_payment',
    data: {
      amount_cents: readAmount('amount_cents', amount, currency),
      ...(method ? { method } : {}),
      ...(received ? { received_at: received } : {}),
      ...(note ? { note } : {}),
      ...(receipt === 'yes' ? { notify_customer: true } : {}),
    },
    done: 'The payment is recorded.',
  }),
  refund: ({ refund_payment, refund_amount, refund_method, refund_reason, refund_note }, _, currency) => ({
    action: 'payment.refund',
    of: 'payment',
    data: {
      payment_id: refund_payment,
      ...(refund_amount ? { amount_cents: readAmount('amount_cents', refund_amount, currency) } : {}),
      ...(refund_method ? { method: refund_method } : {}),
      reason: refund_reason,
      ...(refund_note ? { note: refund_note } : {}),
    },
    done: 'It is written down as given back.',
  }),
  'stripe-refund': (
    { stripe_refund_payment, stripe_refund_amount, stripe_refund_reason, stripe_refund_note },
    _,
    currency,
  ) => ({
    action: 'payment.refund',
    of: 'payment',
    data: {
      payment_id: stripe_refund_payment,
      ...(stripe_refund_amount
        ? { amount_cents: readAmount('amount_cents', stripe_refund_amount, currency) }
        : {}),
      reason: stripe_refund_reason,
      ...(stripe_refund_note ? { note: stripe_refund_note } : {}),
    },
    done: 'It is on its way back through Stripe.',
  }),
  'move-payment': ({ moved_payment, moved_to }) => ({
    action: 'payment.move',
    of: 'payment',
    data: { payment_id: moved_payment, invoice_id: moved_to },
    done: `The payment is on ${moved_to ?? ''} now.`,
  }),
  change: (texts, record, currency) => ({
    action: 'invoice.update',
    data: readChange(record, draftFieldsOf(record), texts, { currency }),
    done: 'The draft is saved.',
  }),
  'add-line': (texts, _, currency) => ({
    action: 'invoice.add_line',
    data: readTypedLine(texts, currency),
    done: 'The line is added.',
  }),
  'change-line': ({ line, ...texts }, _, currency) => ({
    action: 'invoice.update_line',
    data: { line_id: line, ...readTypedLine(texts, currency) },
    done: 'The line is changed.',
  }),
  'remove-line': ({ line }) => ({
    action: 'invoice.remove_line',
    data: { line_id: line },
    done: 'The line is taken off.',
  }),
  finalize: () => ({
    action: 'invoice.finalize',
    data: {},
    done: 'The invoice is issued; give it to the customer yourself.',
  }),
  cancel: ({ reason }) => ({ action: 'invoice.cancel', data: { reason }, done: 'The draft is cancelled.' }),
  void: ({ reason }) => ({ action: 'invoice.void', data: { reason }, done: 'The invoice is void.' }),
};

/** Does what a form wants; what is refused is said on the page, with what was typed. */
async function act(
  request: PageRequest,
  verb: string,
  wish: (texts: Texts, record: RecordSpec, currency: string) => Wish,
): Promise<Answer> {
  const invoice_id = recordOf(request);
  const typed = typedTexts(request);
  try {
    const { action, data, done, of } = wish(
      typed,
      recordCalled(request, 'invoice'),
      await currencyOf(request, invoice_id),
    );
    const about = of === 'payment' ? data : { invoice_id, ...data };
    const outcome = await submit(request, action, about);
    const told = toldWords(String(outcome.data.customer_told ?? ''));
    const said = { done: `${done} ${told}`.trim(), warnings: outcome.warnings };
    return { redirect: `/invoices/${invoice_id}`, said };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    return showInvoice(request, { form: verb, problem: error.message, status: error.status, typed });
  }
}

const inCurrency = z.object({ currency: z.string() });

/** The currency of a bill: what is typed on its page is so much of that. */
async function currencyOf(request: PageRequest, id: string): Promise<string> {
  const { rows } = await readList(request, 'invoices', inCurrency, { id, fields: ['currency'] });
  return rows[0]?.currency ?? request.identity.organization.currency;
}

/** What the page can say better than a page about an error. */
const sayable: readonly string[] = [
  'CONFLICT',
  'INVALID_STATE',
  'VALIDATION_ERROR',
  'NOT_FOUND',
  'AMBIGUOUS',
];

/** Makes the draft of a closed visit and opens it: it is sent from there. */
async function billVisit(request: PageRequest): Promise<Answer> {
  const ticket_id = recordOf(request);
  const { data, warnings } = await submit(request, 'invoice.create_from_ticket', { ticket_id });
  const reference = String(data.reference);
  return {
    redirect: `/invoices/${reference}`,
    said: { done: `${reference} is a draft; nobody has it yet.`, warnings },
  };
}
