import { z } from 'zod';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import type { Answer, Page, PageRequest } from '../site.ts';
import { saidOf } from '../undo.ts';
import { isOpen, openVisitFor, tellTick, visitHeading } from './heading.ts';

/** Asks why, and whether the customer is told; what is cancelled can be booked again at the same time. */
export async function showCancel(request: PageRequest, draft?: Draft): Promise<Page> {
  const row = await openVisitFor(request, 'ticket.cancel');
  if (!isOpen(row)) {
    return {
      title: 'Cancel the visit',
      body: html`${visitHeading(request, 'Cancel the visit', row)}
<p class="problem" role="alert">This visit is ${row.status === 'cancelled' ? 'cancelled already' : 'closed: what was done stays'}.</p>
<p><a class="button" href="/tickets/${row.reference}">Back to the visit</a></p>`,
    };
  }
  return {
    title: 'Cancel the visit',
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`${visitHeading(request, 'Cancel the visit', row)}
<form method="post" action="/tickets/${row.reference}/cancel" class="card">${formFields(request)}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<label for="reason">Why</label>
<input id="reason" name="reason" maxlength="2000" autocomplete="off" data-redact autofocus value="${asTyped(draft?.typed.reason ?? '')}" aria-describedby="reason-hint">
<p class="hint" id="reason-hint">Such as: customer is away. It may stay empty.</p>
${tellTick(row, draft ? draft.typed.tell === 'yes' : true)}
<p class="buttons"><button class="danger stop">Cancel the visit</button> <a class="button plain quiet" href="/tickets/${row.reference}">Keep it</a></p></form>`,
  };
}

const told = z.object({ reference: z.string(), customer_told: z.string().optional() });

/** Cancels it; the page that follows offers to book it again as it was. */
export async function cancelFromForm(request: PageRequest): Promise<Answer> {
  const row = await openVisitFor(request, 'ticket.cancel');
  const typed = typedTexts(request);
  try {
    const outcome = await submit(request, 'ticket.cancel', {
      ticket_id: row.reference,
      ...(typed.reason ? { cancel_reason: typed.reason } : {}),
      notify_customer: typed.tell === 'yes',
    });
    const { customer_told = '' } = told.parse(outcome.data);
    const done = `The visit is cancelled. ${toldWords(customer_told)}`.trim();
    return { redirect: `/tickets/${row.reference}`, said: saidOf(outcome, done) };
  } catch (error) {
    return showCancel(request, { typed, ...refusedBecause(error) });
  }
}

/** How the customer was told, as a sentence; nothing for who was not meant to be told. */
export function toldWords(told: string): string {
  if (told === '' || told.startsWith('not told: notify_customer')) return '';
  return told.startsWith('mailed to') ? 'The customer is told by e-mail.' : `The customer was ${told}.`;
}
