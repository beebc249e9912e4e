import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { invalid } from '../../core/kernel/words/errors.ts';
import { visitWords } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import type { Answer, Page, PageRequest } from '../site.ts';
import { saidOf } from '../undo.ts';
import { toldWords } from './cancel.ts';
import { type OpenedVisit, openVisitFor, tellTick, visitHeading } from './heading.ts';

/** Books a cancelled visit again: same customer, services, prices and people, at a time that stands there as it was. */
export async function showRebook(request: PageRequest, draft?: Draft): Promise<Page> {
  const row = await openVisitFor(request, 'ticket.rebook');
  return {
    title: 'Book it again',
    status: draft?.status ?? 200,
    body: html`${visitHeading(request, 'Book it again', row)}
${rebookForm(request, row, draft)}`,
  };
}

/** The form alone, as it stands on the page of a cancelled visit too. */
export function rebookForm(request: PageRequest, row: OpenedVisit, draft?: Draft): Markup {
  const { time_zone } = request.identity.organization;
  const was = Temporal.Instant.from(row.scheduled_at).toZonedDateTimeISO(time_zone).toPlainDateTime();
  const typed = draft?.typed ?? { date: was.toPlainDate().toString(), time: was.toString().slice(11, 16) };
  return html`<form method="post" action="/tickets/${row.reference}/rebook" class="card">${formFields(request)}
${draft && html`<p class="problem" role="alert">${visitWords(draft.problem, time_zone)}</p>`}
<div class="fields"><div><label for="date">Day</label><input id="date" name="date" type="date" required value="${asTyped(typed.date ?? '')}"></div>
<div><label for="time">Time</label><input id="time" name="time" type="time" required value="${asTyped(typed.time ?? '')}"></div></div>
${tellTick(row, typed.tell === 'yes')}
<button>Book it again</button></form>`;
}

const booked = z.object({ reference: z.string(), customer_told: z.string().optional() });

/** Leads to the new visit. */
export async function rebookFromForm(request: PageRequest): Promise<Answer> {
  const row = await openVisitFor(request, 'ticket.rebook');
  const typed = typedTexts(request);
  try {
    if (!typed.date || !typed.time) throw invalid('date', 'Say the day and the time.');
    const outcome = await submit(request, 'ticket.rebook', {
      ticket_id: row.reference,
      scheduled_at: `${typed.date}T${typed.time}`,
      notify_customer: typed.tell === 'yes',
    });
    const { reference, customer_told = '' } = booked.parse(outcome.data);
    return {
      redirect: `/tickets/${reference}`,
      said: saidOf(outcome, `The visit is booked again. ${toldWords(customer_told)}`.trim()),
    };
  } catch (error) {
    return showRebook(request, { typed, ...refusedBecause(error) });
  }
}
