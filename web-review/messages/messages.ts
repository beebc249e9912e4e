import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { kinds } from '../../core/messages/kinds.ts';
import { messageKinds } from '../../core/messages/record.ts';
import { unknownChoice } from '../choice.ts';
import { mailLink, shorten, timeTag, words } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Answer, type Page, type PageRequest, readList, recordOf, textOf } from '../site.ts';
import { changeMessage, showChange } from './change.ts';
import { deliveryWords } from './delivery.ts';
import { mailText } from './text.ts';

const messageRow = z.object({
  reference: z.string(),
  kind: z.string(),
  subject: z.string(),
  body: z.string(),
  send_at: z.string(),
  status: z.string(),
  sent_at: z.string().nullable(),
  sent_to: z.string().nullable(),
  sent_body: z.string().nullable(),
  error: z.string().nullable(),
  send_to: z.string().nullable(),
  version: z.number(),
  delivery: z.string().nullable(),
  delivery_reason: z.string().nullable(),
  customer: z.object({ reference: z.string(), full_name: z.string(), email: z.string().nullable() }),
  /** A relation that is not there is read as an empty list. */
  visit: z.union([z.object({ reference: z.string() }), z.array(z.object({ reference: z.string() }))]),
});
type Message = z.infer<typeof messageRow>;

const fields = Object.keys(messageRow.omit({ customer: true, visit: true }).shape);

const states = ['pending', 'draft', 'sent', 'failed', 'skipped', 'cancelled', 'all'] as const;

/** What people call the states of mail. */
const stateWords: Readonly<Record<string, string>> = {
  pending: 'planned',
  draft: 'draft',
  sending: 'on its way',
  skipped: 'not sent',
};
const stateOf = (state: string): string => stateWords[state] ?? words(state);
const tabWords: Readonly<Record<string, string>> = { ...stateWords, draft: 'drafts' };
const kindWords = (kind: string): string => {
  const known = messageKinds.find(name => name === kind);
  return (known ? kinds[known].label : words(kind)).toLowerCase();
};

/** What the list is narrowed to: part of the address, so that a page can be kept and a button leads back to it. */
interface Filter {
  state: (typeof states)[number];
  customer: string;
  from: string;
  to: string;
}

interface Problem {
  text: string;
  status: number;
  /** Customers the words could mean. */
  choices?: readonly { reference: string; label: string }[];
}

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

const verbs = {
  cancel: 'message.cancel',
  'send-now': 'message.send_now',
} as const;
type Verb = keyof typeof verbs;

/** The page of messages. Opened by hand, the address of a button leads to the list it stands in. */
export function addMessages(page: Route, form: Route): void {
  page('/messages', request => listMessages(request));
  page('/messages/:ref/change', request => showChange(request));
  form('/messages/:ref/change', changeMessage);
  for (const verb of ['cancel', 'send-now'] as const) {
    form(`/messages/:ref/${verb}`, request => actOnMessage(request, verb));
    page(`/messages/:ref/${verb}`, async request => ({ redirect: addressOf(filterOf(request)) }));
  }
}

/** Messages to customers that are planned, by time, and what became of earlier ones (WEB-03, EML-05). */
async function listMessages(request: PageRequest, problem?: Problem): Promise<Page> {
  const filter = filterOf(request);
  const cursor = textOf(request.http.query, 'cursor');
  const list = await readMessages(request, filter, cursor);
  const shown = problem ?? list.problem;
  const next = list.next_cursor === undefined ? undefined : addressOf(filter, { cursor: list.next_cursor });
  return {
    title: 'Planned mail',
    status: shown?.status ?? 200,
    body: html`<h1>Planned mail</h1>
<p class="hint">E-mails to customers, by time. They go out by themselves; drafts wait for you. <a href="/templates">What they say</a></p>
${filterForm(filter)}
${shown && problemBox(filter, shown)}
<nav aria-label="State"><p class="links">${states.map(state => html`<a href="${addressOf({ ...filter, state })}"${state === filter.state && html` aria-current="true"`}>${tabWords[state] ?? state}</a> `)}</p></nav>
${unknownChoice(request, 'state', { known: states, shown: filter.state })}
${list.rows.length === 0 && !shown && html`<p class="empty">${emptyWords(filter)}</p>`}
<ul class="plain rows">${list.rows.map(row => messageItem(request, row, filter))}</ul>
${next !== undefined && html`<p><a class="button" rel="next" href="${next}">More</a></p>`}`,
  };
}

/** Cancels a message, or sends it before its time; the list says what came of it. */
async function actOnMessage(request: PageRequest, verb: Verb): Promise<Answer> {
  const message_id = recordOf(request);
  try {
    const { seen } = typedTexts(request);
    const read = verb === 'send-now' && seen !== undefined ? { version: Number(seen) } : {};
    const { data, warnings } = await submit(request, verbs[verb], { message_id, ...read });
    const done = doneWords(verb, data);
    return { redirect: addressOf(filterOf(request)), said: { done, warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !shown.has(error.code)) throw error;
    return listMessages(request, { text: error.message, status: error.status });
  }
}

/** What is said on the list, which shows how things stand now. */
const shown = new Set(['INVALID_STATE', 'CONFLICT']);

function doneWords(verb: Verb, { reference, status, sent_to }: Record<string, unknown>): string {
  if (verb === 'cancel') return `${String(reference)} is cancelled.`;
  return status === 'draft'
    ? `${String(reference)} has not gone out yet.`
    : `${String(reference)} is on its way to ${String(sent_to)}.`;
}

/** What a customer, by id or reference, is going to get; nothing when there is nothing. */
export async function upcomingMessages(request: PageRequest, contact_id: string): Promise<Markup> {
  const row = messageRow.pick({ reference: true, subject: true, send_at: true });
  const { rows, next_cursor } = await readList(request, 'scheduled_messages', row, {
    params: { contact_id },
    filter: 'pending',
    limit: 3,
    fields: Object.keys(row.shape),
  });
  if (rows.length === 0) return html``;
  const all = addressOf({ ...everything, customer: contact_id });
  return html`<section aria-labelledby="messages"><h2 id="messages">Messages to come</h2>
<ul class="plain">${rows.map(
    ({ subject, send_at }) =>
      html`<li>${timeTag(send_at, request.identity.organization.time_zone)}: <bdi>${shorten(subject, 120)}</bdi></li>\n`,
  )}</ul>
<p class="links"><a href="${all}">${next_cursor === undefined ? 'Change or cancel' : 'All messages'}</a></p></section>`;
}

const everything: Filter = { state: 'pending', customer: '', from: '', to: '' };

function filterOf({ http }: PageRequest): Filter {
  const asked = (name: string) => textOf(http.query, name).trim().slice(0, 200);
  return {
    state: states.find(state => state === asked('state')) ?? 'pending',
    customer: asked('customer'),
    from: asked('from'),
    to: asked('to'),
  };
}

/** The address of the list with a filter; of `path` with the same, to come back to it. */
function addressOf(filter: Filter, more: Record<string, string> = {}, path = '/messages'): string {
  const { state, ...texts } = filter;
  const members = { ...texts, ...(state === 'pending' ? {} : { state }), ...more };
  const given = Object.entries(members).filter(([, text]) => text !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

async function readMessages(
  request: PageRequest,
  { state, customer, from, to }: Filter,
  cursor: string,
): Promise<{ rows: Message[]; next_cursor?: string; problem?: Problem }> {
  const params = {
    ...(state === 'all' ? {} : { status: state }),
    ...(customer === '' ? {} : { contact_id: customer }),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
  };
  try {
    return await readList(request, 'scheduled_messages', messageRow, {
      params,
      // What comes next first; of what is over, the latest.
      sort: state === 'pending' ? 'send_at' : '-send_at',
      fields,
      include: ['customer', 'visit'],
      ...(cursor === '' ? {} : { cursor }),
    });
  } catch (error) {
    const problem = problemOf(error);
    if (!problem) throw error;
    return { rows: [], problem };
  }
}

const candidates = z.array(z.object({ reference: z.string(), label: z.string() }));

/** What is wrong with a filter, in words for the one who typed it; undefined for every other error. */
function problemOf(error: unknown): Problem | undefined {
  if (!(error instanceof DeskhandError)) return undefined;
  const { code, status, details } = error;
  if (code === 'NOT_FOUND') return { text: 'Nobody is found by these words.', status };
  if (code === 'AMBIGUOUS') {
    return { text: 'Which one is it?', status: 200, choices: candidates.parse(details.candidates) };
  }
  return code === 'VALIDATION_ERROR' ? { text: error.message, status } : undefined;
}

const problemBox = (
  filter: Filter,
  { text, choices = [] }: Problem,
): Markup => html`<p class="problem" role="alert">${text}</p>
${choices.length > 0 && html`<p class="links">${choices.map(({ reference, label }) => html`<a href="${addressOf({ ...filter, customer: reference })}"><bdi>${shorten(label, 60)}</bdi> ${reference}</a> `)}</p>`}`;

function filterForm(filter: Filter): Markup {
  const { state, customer, from, to } = filter;
  const isNarrow = [customer, from, to].some(text => text !== '');
  return html`<details class="fold"${isNarrow && html` open`}><summary>Of one customer, or some days</summary>
<form method="get" action="/messages" role="search" aria-label="Messages">
  ${state !== 'pending' && html`<input type="hidden" name="state" value="${state}">`}
  <label for="customer">Customer: name, phone or reference</label>
  <input id="customer" name="customer" maxlength="200" autocomplete="off" value="${asTyped(customer)}">
  <label for="from">From</label><input id="from" name="from" type="date" value="${asTyped(from)}">
  <label for="to">To</label><input id="to" name="to" type="date" value="${asTyped(to)}">
  <button>Show</button>${isNarrow && html` <a class="button quiet" href="${addressOf({ ...everything, state })}">Show all</a>`}
</form></details>`;
}

function emptyWords({ state, customer, from, to }: Filter): string {
  if (customer !== '' || from !== '' || to !== '') return 'No such messages.';
  return state === 'pending'
    ? 'Nothing is planned. Visits that are booked plan their own reminders; write to a customer from their page.'
    : 'No messages.';
}

function messageItem(request: PageRequest, message: Message, filter: Filter): Markup {
  const { time_zone } = request.identity.organization;
  const { reference, kind, subject, body, status, customer, error } = message;
  const [from] = [message.visit].flat();
  return html`<li id="${reference}">
  <p><b dir="auto">${shorten(subject, 200)}</b> <code>${reference}</code> <span class="badge ${status}">${stateOf(status)}</span></p>
  <p>To <a class="main" href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a>${from && html` · ${kind === 'outreach' ? 'after' : 'about'} visit <a class="main" href="/tickets/${from.reference}">${from.reference}</a>`}${kind !== 'other' && ` · ${kindWords(kind)}`}</p>
  <p class="when">${whenWords(message, time_zone)}</p>
  ${deliveryWords(message)}
  ${error !== null && html`<p class="problem">${shorten(error, 300)}</p>`}
  ${status === 'draft' ? mailText(body) : html`<details><summary>Text</summary>${mailText(message.sent_body ?? body)}</details>`}
  ${buttons(request, message, filter)}
</li>\n`;
}

function whenWords(
  { status, send_at, sent_at, sent_to, send_to, customer }: Message,
  timeZone: string,
): Markup {
  const email = send_to ?? customer.email;
  if (sent_at !== null && sent_to !== null)
    return html`Sent ${timeTag(sent_at, timeZone)} to ${mailLink(sent_to)}`;
  const when = timeTag(send_at, timeZone);
  if (status === 'draft')
    return html`Written by an assistant; goes out when you send it${email !== null && html`, to ${mailLink(email)}`}`;
  if (status !== 'pending') return html`Planned for ${when}`;
  return email === null
    ? html`Planned for ${when}; <span class="warning">there is no e-mail address yet</span>`
    : html`Goes out ${when} to ${mailLink(email)}`;
}

function buttons(
  request: PageRequest,
  { reference, status, version }: Message,
  filter: Filter,
): Markup | false {
  const form = (verb: Verb, button: Markup) =>
    html`<form method="post" action="${addressOf(filter, {}, `/messages/${reference}/${verb}`)}">${formFields(request)}${verb === 'send-now' && html`<input type="hidden" name="seen" value="${version}">`}${button}</form>`;
  if (status === 'failed') {
    return html`<div class="buttons">${form('send-now', html`<button class="quiet">Send again</button>`)}</div>`;
  }
  if (status === 'draft') {
    return html`<div class="buttons">${form('send-now', html`<button>Send</button>`)} <a class="button plain quiet" href="/messages/${reference}/change">Change</a> ${form('cancel', html`<button class="stop">Throw away</button>`)}</div>`;
  }
  return (
    status === 'pending' &&
    html`<div class="buttons">${form('send-now', html`<button class="quiet">Send now</button>`)} <a class="button plain quiet" href="/messages/${reference}/change">Change</a> ${form('cancel', html`<button class="stop">Cancel</button>`)}</div>`
  );
}
