import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { prose, shorten, showMoment, visitWords } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { refusedBecause } from '../records/draft.ts';
import { type Answer, mayDo, type Page, type PageRequest } from '../site.ts';
import { saidOf } from '../undo.ts';
import { toldWords } from './cancel.ts';
import { type OpenedVisit, openVisitFor, visitHeading } from './heading.ts';

// What the customer of a visit said to its time, and what the office does about it.

/** A visit as far as its customer's answer goes. */
export interface AnsweredVisit {
  reference: string;
  status: string;
  confirmation_status: string;
  asked_for_at: string | null;
  customer_words: string | null;
}

/** Whether its customer cannot come then, and nobody has seen to it. */
const isOpenAnswer = ({ status, confirmation_status }: AnsweredVisit): boolean =>
  status === 'scheduled' &&
  (confirmation_status === 'declined' || confirmation_status === 'modify_requested');

/** What the customer asks for in a few words: `asks for Fri, Nov 27, 2:00 PM`. */
export function answerWords(
  { identity }: PageRequest,
  { confirmation_status, asked_for_at }: Pick<AnsweredVisit, 'confirmation_status' | 'asked_for_at'>,
): string {
  if (confirmation_status === 'declined') return 'declined';
  const { time_zone } = identity.organization;
  return `asks for ${asked_for_at === null ? 'another time' : showMoment(asked_for_at, time_zone)}`;
}

/** The part of a visit's page that says what the customer answered, with the buttons for it; nothing while all is well. */
export function answerSection(request: PageRequest, ticket: AnsweredVisit): Markup | false {
  if (!isOpenAnswer(ticket) || request.identity.actor.role === 'technician') return false;
  return html`<section class="card" aria-labelledby="answer"><h2 id="answer">The customer ${answerWords(request, ticket)}</h2>
${ticket.customer_words !== null && prose(ticket.customer_words)}
${answerButtons(request, ticket)}</section>`;
}

/** One press gives the customer the time they asked for; another time is chosen on a page of its own. */
export function answerButtons(request: PageRequest, ticket: AnsweredVisit): Markup {
  const { reference, asked_for_at } = ticket;
  const isToCome = asked_for_at !== null && Date.parse(asked_for_at) > request.site.clock().epochMilliseconds;
  return html`<div class="buttons">${
    isToCome &&
    mayDo(request, 'ticket.accept_change') &&
    html`<form method="post" action="/tickets/${reference}/accept-change">${formFields(request)}<button>Move it to ${showMoment(asked_for_at, request.identity.organization.time_zone)}</button></form>`
  }${mayDo(request, 'ticket.move_visit') && html`<a class="button plain quiet" href="/tickets/${reference}/move">Find another time</a>`}</div>`;
}

const moved = z.object({ reference: z.string(), customer_told: z.string().optional() });
const offered = z.object({ slots: z.array(z.object({ starts_at: z.string() })) });

/** Moves the visit to the time its customer asked for; when that is taken by now, the free ones are a press away. */
export async function acceptChangeFromForm(request: PageRequest): Promise<Answer> {
  const row = await openVisitFor(request, 'ticket.accept_change');
  const typed = typedTexts(request);
  try {
    const outcome = await submit(request, 'ticket.accept_change', {
      ticket_id: row.reference,
      ...(typed.at ? { scheduled_at: typed.at } : {}),
    });
    const { customer_told = '' } = moved.parse(outcome.data);
    const done = `${shorten(row.customer?.full_name ?? row.reference, 80)} has another time. ${toldWords(customer_told)}`;
    return { redirect: `/tickets/${row.reference}`, said: saidOf(outcome, done.trim()) };
  } catch (error) {
    return takenPage(request, row, error);
  }
}

function takenPage(request: PageRequest, row: OpenedVisit, error: unknown): Page {
  const { problem, status } = refusedBecause(error);
  const { time_zone } = request.identity.organization;
  const free = error instanceof DeskhandError ? (offered.safeParse(error.details).data?.slots ?? []) : [];
  return {
    title: 'Another time',
    status,
    body: html`${visitHeading(request, 'Another time', row)}
<p class="problem" role="alert">${visitWords(free.length > 0 && error instanceof DeskhandError ? error.message : problem, time_zone)}</p>
${
  free.length > 0 &&
  html`<p>These times are free. The customer is told, and asked whether it suits them.</p>
<div class="buttons">${free.map(({ starts_at }) => html`<form method="post" action="/tickets/${row.reference}/accept-change">${formFields(request)}<input type="hidden" name="at" value="${starts_at}"><button class="quiet">${showMoment(starts_at, time_zone)}</button></form>`)}</div>`
}
<p><a class="button plain quiet" href="/tickets/${row.reference}">Back to the visit</a></p>`,
  };
}
