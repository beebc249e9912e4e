import { setupReference } from '../../core/invoices/setup-bill.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { plainMoney } from '../../core/kernel/words/money.ts';
import { formFields, tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { formField, formFieldsOf, typedOf } from '../records/form.ts';
import { recordCalled } from '../records/kind.ts';
import { noOffers } from '../records/offers.ts';
import type { PageRequest } from '../site.ts';
import type { Invoice } from './invoice.ts';
import { isSaidAtLines } from './lines.ts';
import { methodChoice } from './payments.ts';

/** A form of the page that was refused: what was wrong, and what was typed, so that nothing is lost. */
export interface Draft {
  form: string;
  problem: string;
  status: number;
  typed: Readonly<Record<string, string>>;
}

/** What can be done with an invoice from where it is (CFL-38); nothing once it has ended. */
export function nextSection(request: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup {
  const forms = formsOf(request, invoice, draft);
  if (forms.length === 0 && !draft) return html``;
  // What is refused because the invoice has changed meanwhile may have no form any more.
  return html`<section aria-labelledby="next"><h2 id="next">Next</h2>
${draft && !isSaidAtLines(request, invoice, draft) && html`<p class="problem" role="alert">${draft.problem}</p>`}
${forms}</section>`;
}

function formsOf(request: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup[] {
  const own = (form: string) => (draft?.form === form ? draft : undefined);
  const { status } = invoice;
  const cancelling = () =>
    fold('Cancel this draft', endForm(request, invoice, 'cancel', own('cancel')), own('cancel'));
  // It is no bill, and nobody gets it.
  if (invoice.reference === setupReference) return status === 'draft' ? [cancelling()] : [];
  if (status === 'draft') {
    return [
      sendForm(request, invoice, own('send')),
      fold('Issue it without a mail', finalizeForm(request, invoice), own('finalize')),
      fold('Due date, discount and notes', changeForm(request, invoice, own('change')), own('change')),
      cancelling(),
    ];
  }
  const voiding = fold('Void this invoice', endForm(request, invoice, 'void', own('void')), own('void'));
  const again = fold('More money came for it', paymentForm(request, invoice, own('payment')), own('payment'));
  if (status === 'paid' || status === 'refunded') return [again, voiding];
  if (status !== 'sent' && status !== 'partial') return [again];
  return [
    paymentForm(request, invoice, own('payment')),
    fold('Send again', sendForm(request, invoice, own('send')), own('send')),
    voiding,
  ];
}

const fold = (title: string, content: Markup, draft: Draft | undefined): Markup =>
  html`<details class="fold"${draft && html` open`}><summary>${title}</summary>
${content}</details>\n`;

const form = (request: PageRequest, { reference }: Invoice, verb: string, content: Markup): Markup =>
  html`<form method="post" action="/invoices/${reference}/${verb}">${formFields(request)}${content}</form>\n`;

/** The customer's own address stands there; another one is taken for this time. */
function sendForm(request: PageRequest, invoice: Invoice, own: Draft | undefined): Markup {
  const email = invoice.sent_to ?? invoice.payer.email;
  return form(
    request,
    invoice,
    'send',
    html`<label for="email">Send to</label>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="off" value="${asTyped(own?.typed.email ?? email ?? '')}"${email === null && html` aria-describedby="kept"`}>
${email === null && html`<p class="hint" id="kept">The ${invoice.company ? 'company' : 'customer'} has no e-mail address yet; this one is kept with them.</p>`}
<button>${invoice.status === 'draft' ? 'Send invoice' : 'Send again'}</button>`,
  );
}

/** For a bill that goes out on paper, or by another program. */
const finalizeForm = (request: PageRequest, invoice: Invoice): Markup =>
  form(
    request,
    invoice,
    'finalize',
    html`<p class="hint">For a bill you print or hand over. Nothing on it changes any more.</p>
<button class="plain">Issue it</button>`,
  );

function paymentForm(request: PageRequest, invoice: Invoice, own: Draft | undefined): Markup {
  const { due_cents } = invoice.balance;
  const due = due_cents === 0 ? '' : plainMoney(due_cents, invoice.currency);
  return form(
    request,
    invoice,
    'payment',
    html`<label for="amount">Money received, in ${invoice.currency}</label>
<input id="amount" name="amount" inputmode="decimal" required maxlength="20" autocomplete="off" value="${asTyped(own?.typed.amount ?? due)}">
<label for="method">How it came</label>
${methodChoice('method', own?.typed.method)}
<label for="received">On which day (today when empty)</label>
<input id="received" name="received" type="date" value="${asTyped(own?.typed.received ?? '')}">
<label for="note">Note (may stay empty)</label>
<input id="note" name="note" maxlength="500" dir="auto" autocomplete="off" data-redact placeholder="check 1042" value="${asTyped(own?.typed.note ?? '')}">
${invoice.payer.email !== null && tick(html`type="checkbox" name="receipt" value="yes"`, html`Mail a receipt once all is paid`, own?.typed.receipt === 'yes')}
<button>${due_cents === 0 ? 'Record it all the same' : 'Record payment'}</button>`,
  );
}

/** What a bill is for our own reports: set by those who make it, and by agents. */
const kept = ['subtype', 'tags', 'custom_fields'];

/** What the page of a draft asks for. */
export const draftFieldsOf = (record: RecordSpec) =>
  formFieldsOf(record, 'update').filter(([name]) => !kept.includes(name));

/** What a caller may change of a draft, as the fields of the record say. */
function changeForm(request: PageRequest, invoice: Invoice, own: Draft | undefined): Markup {
  const record = recordCalled(request, 'invoice');
  const fields = draftFieldsOf(record);
  const texts = { ...typedOf(request, fields, invoice), ...own?.typed };
  return form(
    request,
    invoice,
    'change',
    html`${fields.map(([name, field]) =>
      formField(request, {
        name,
        field,
        typed: texts[name] ?? '',
        texts,
        offers: noOffers,
        isRequired: field.default === undefined && !record.clearable.includes(name),
      }),
    )}
<button>Save</button>`,
  );
}

function endForm(
  request: PageRequest,
  invoice: Invoice,
  verb: 'cancel' | 'void',
  own: Draft | undefined,
): Markup {
  return form(
    request,
    invoice,
    verb,
    html`<label for="reason">Why</label>
<textarea id="reason" name="reason" rows="2" required maxlength="2000" dir="auto" data-redact>
${asTyped(own?.typed.reason ?? '')}</textarea>
<p class="hint">This is final. The visit can be billed again.</p>
<button class="stop">${verb === 'void' ? 'Void invoice' : 'Cancel draft'}</button>`,
  );
}
