import { shorten, words } from '../format.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { type Draft, isOpen, type Lead } from './row.ts';

const reasons = ['budget', 'timing', 'outside_scope', 'competitor', 'no_response', 'other'];

/** What can be done with a lead from where it is (CFL-16): each a button of its own. */
export function progressSection(request: PageRequest, lead: Lead, draft: Draft | undefined): Markup {
  const problem = draft?.form === 'progress' && html`<p class="problem" role="alert">${draft.problem}</p>`;
  const { status } = lead;
  if (status === 'converted') return html`${problem}`;
  if (!isOpen(lead)) {
    return html`<section aria-labelledby="next"><h2 id="next">Next</h2>${problem}${form(request, lead, 'reopen', html`<button>Reopen</button>`)}</section>`;
  }
  const to = (state: string, label: string) =>
    status !== state &&
    form(
      request,
      lead,
      'status',
      html`<button class="quiet" name="status" value="${state}">${label}</button>`,
    );
  return html`<section aria-labelledby="next"><h2 id="next">Next</h2>${problem}
${draft?.choices && choicesForm(request, lead, draft.choices)}
<div class="buttons">${form(request, lead, 'convert', html`<button>Convert to customer</button>`)} ${to('contacted', 'Contacted')} ${to('qualified', 'Qualified')}</div>
${reminderForm(request, lead, draft)}
${customerForm(request, lead)}
<details class="fold"${draft?.form === 'end' && html` open`}><summary>Not a customer</summary>
${endForm(request, lead, draft?.form === 'end' ? draft : undefined)}</details></section>`;
}

const form = (request: PageRequest, lead: Lead, verb: string, content: Markup): Markup =>
  html`<form method="post" action="/leads/${lead.reference}/${verb}">${formFields(request)}${content}</form>`;

/** When several records could be meant, somebody says which. */
const choicesForm = (
  request: PageRequest,
  lead: Lead,
  { field, candidates }: NonNullable<Draft['choices']>,
): Markup =>
  form(
    request,
    lead,
    'customer',
    html`<p>Which one is it?</p><div class="buttons">${candidates.map(
      ({ reference, label }) =>
        html`<button class="quiet" name="${field}" value="${reference}"><bdi>${shorten(label, 60)}</bdi> ${reference}</button> `,
    )}</div>`,
  );

/** Whoever asks may be a customer already, under another number (LED-18). */
const customerForm = (request: PageRequest, lead: Lead): Markup =>
  html`<details class="fold"><summary>Known customer</summary>${form(
    request,
    lead,
    'customer',
    html`<label for="contact_id">Name, phone or reference of the customer</label>
<input id="contact_id" name="contact_id" maxlength="200" autocomplete="off">
<button>This is the customer</button>${lead.contact_id !== null && html` <button class="quiet" name="clear" value="contact_id">Somebody else</button>`}`,
  )}</details>`;

function reminderForm(request: PageRequest, lead: Lead, draft: Draft | undefined): Markup {
  const own = draft?.form === 'reminder' ? draft : undefined;
  return html`<details class="fold"${own && html` open`}><summary>Reminder</summary>
${form(
  request,
  lead,
  'reminder',
  html`${own && html`<p class="problem" role="alert">${own.problem}</p>`}
<label for="reminder_at">Remind at</label>
<input id="reminder_at" name="reminder_at" type="datetime-local" value="${asTyped(own?.typed.reminder_at ?? '')}">
<button>Set reminder</button>${lead.reminder_at !== null && html` <button class="quiet" name="clear" value="1">Take the reminder away</button>`}`,
)}</details>`;
}

function endForm(request: PageRequest, lead: Lead, own: Draft | undefined): Markup {
  const typed = own?.typed ?? {};
  return form(
    request,
    lead,
    'end',
    html`${own && html`<p class="problem" role="alert">${own.problem}</p>`}
<label for="reason">Reason</label>
<select id="reason" name="reason">${reasons.map(reason => html`<option value="${reason}"${typed.reason === reason && html` selected`}>${words(reason)}</option>`)}</select>
<label for="why">In words (may stay empty)</label>
<textarea id="why" name="why" rows="2" maxlength="2000" dir="auto" data-redact>
${asTyped(typed.why ?? '')}</textarea>
<button class="stop" name="how" value="disqualify">Disqualify</button>
<button class="quiet" name="how" value="archive">Archive without a verdict</button>`,
  );
}
