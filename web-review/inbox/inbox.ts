import { z } from 'zod';
import { todayOf } from '../calendar/navigation.ts';
import { momentWords, phoneLink, shorten, timeTag } from '../format.ts';
import { type Content, html, type Markup } from '../html.ts';
import { withoutLinks } from '../messages/text.ts';
import { countOf, placeOf, type Waiting, waitingFor } from '../navigation.ts';
import { readerFor } from '../review/names.ts';
import { readRequests } from '../review/request.ts';
import { sentenceText } from '../review/sentence.ts';
import { type Page, type PageRequest, readList, readMaybe } from '../site.ts';
import { answerButtons, answerWords } from '../tickets/answer.ts';

/** How many of each kind are shown; the rest is one tap away. */
const few = 5;

/** One that waits: what it is, where it opens, and what else there is to know at a glance. */
export interface Item {
  href: string;
  title: string;
  more: Content;
  /** What can be done about it here. */
  buttons?: Markup;
}

interface Shown {
  /** Where all of them stand. */
  all: string;
  /** Said when none waits. */
  none: string;
  items(request: PageRequest): Promise<Item[]>;
}

const timeIn = ({ identity }: PageRequest, when: string): Markup =>
  timeTag(when, identity.organization.time_zone);

/** What the assistant asks for, newest first, in the words in which it can be decided about. */
export async function approvals(request: PageRequest): Promise<Item[]> {
  const { rows } = await readRequests(request, 'pending', { limit: few });
  const reader = await readerFor(request, rows);
  return rows.map(row => ({
    href: `/review/${row.reference}`,
    title: sentenceText(row, reader),
    more: html`<bdi>${row.agent}</bdi> asked ${timeIn(request, row.created_at)}${row.reasoning !== null && html`: “<bdi>${shorten(row.reasoning, 160)}</bdi>”`}`,
  }));
}

const answered = z.object({
  reference: z.string(),
  contact_id: z.string(),
  status: z.string(),
  confirmation_status: z.string(),
  scheduled_at: z.string(),
  asked_for_at: z.string().nullable(),
  customer_words: z.string().nullable(),
});

/** Visits whose customers cannot come then, the next one first. */
async function answers(request: PageRequest): Promise<Item[]> {
  const { rows } = await readList(request, 'tickets', answered, {
    filter: 'answered',
    fields: Object.keys(answered.shape),
    sort: 'scheduled_at',
    limit: few,
  });
  const names = await customerNames(
    request,
    rows.map(({ contact_id }) => contact_id),
  );
  return rows.map(row => ({
    href: `/tickets/${row.reference}`,
    title: `${names.get(row.contact_id) ?? row.reference} ${answerWords(request, row)}`,
    more: html`instead of ${timeIn(request, row.scheduled_at)}${row.customer_words !== null && html`: “<bdi>${shorten(row.customer_words.replace(/\s+/g, ' '), 160)}</bdi>”`}`,
    buttons: answerButtons(request, row),
  }));
}

const named = z.object({ id: z.string(), full_name: z.string() });

async function customerNames(request: PageRequest, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(
    [...new Set(ids)].map(id =>
      readMaybe(request, { type: 'contacts', row: named, id, query: { fields: Object.keys(named.shape) } }),
    ),
  );
  return new Map(found.flatMap(one => (one ? [[one.id, one.full_name] as const] : [])));
}

const inquiry = z.object({
  reference: z.string(),
  title: z.string(),
  full_name: z.string().nullable(),
  phone: z.string().nullable(),
  created_at: z.string(),
});

async function inquiries(request: PageRequest): Promise<Item[]> {
  const { rows } = await readList(request, 'leads', inquiry, {
    params: { status: 'new' },
    fields: Object.keys(inquiry.shape),
    sort: 'created_at',
    limit: few,
  });
  const { country } = request.identity.organization;
  return rows.map(({ reference, title, full_name, phone, created_at }) => ({
    href: `/leads/${reference}`,
    title,
    more: html`${full_name !== null && html`<bdi>${shorten(full_name, 80)}</bdi> · `}${phone !== null && html`${phoneLink(phone, country)} · `}came in ${timeIn(request, created_at)}`,
  }));
}

/** What is due by tonight, as the inbox and the day show it. */
const due = z.object({
  kind: z.string(),
  reference: z.string(),
  due_at: z.string(),
  overdue: z.boolean(),
  contact_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  customer: z.string().nullable(),
  phone: z.string().nullable(),
  text: z.string().nullable(),
});

const readDue = (request: PageRequest) =>
  readList(request, 'follow_ups', due, {
    params: { until: todayOf(request).toString() },
    // Answers of customers have a list of their own.
    filter: 'besides_answers',
    fields: Object.keys(due.shape),
    limit: 50,
  });

/** Calls to make, the earliest first. */
export async function callBacks(request: PageRequest): Promise<Item[]> {
  const { rows } = await readDue(request);
  const { country } = request.identity.organization;
  return rows
    .filter(({ kind }) => kind !== 'task')
    .slice(0, few)
    .map(({ contact_id, lead_id, customer, text, phone, due_at, overdue }) => ({
      href: lead_id === null ? `/contacts/${contact_id ?? ''}` : `/leads/${lead_id}`,
      title: customer ?? text ?? 'Somebody',
      more: html`${phone !== null && html`${phoneLink(phone, country)} · `}${customer !== null && text !== null && html`${momentWords(shorten(text, 120), request.identity.organization.time_zone)} · `}<span${overdue && html` class="warning"`}>${timeIn(request, due_at)}</span>`,
    }));
}

async function tasks(request: PageRequest): Promise<Item[]> {
  const { rows } = await readDue(request);
  return rows
    .filter(({ kind }) => kind === 'task')
    .slice(0, few)
    .map(({ reference, text, customer, due_at, overdue }) => ({
      href: `/records/tasks/${reference}`,
      title: text ?? reference,
      more: html`${customer !== null && html`<bdi>${shorten(customer, 80)}</bdi> · `}<span${overdue && html` class="warning"`}>${timeIn(request, due_at)}</span>`,
    }));
}

const sent = z.object({
  id: z.string(),
  payload: z.looseObject({ to: z.string(), subject: z.string() }).partial(),
  last_error: z.string().nullable(),
  created_at: z.string(),
});

const failedPath = '/outbox?state=failed';

async function failedMail(request: PageRequest): Promise<Item[]> {
  const { rows } = await readList(request, 'outbox', sent, {
    params: { state: 'failed' },
    fields: Object.keys(sent.shape),
    limit: few,
  });
  return rows.map(({ payload, created_at }) => ({
    href: failedPath,
    title: payload.subject ?? 'Something that goes out by itself',
    more: html`${payload.to !== undefined && `to ${shorten(payload.to, 80)} · `}${timeIn(request, created_at)}`,
  }));
}

const drafted = z.object({
  reference: z.string(),
  subject: z.string(),
  body: z.string(),
  created_at: z.string(),
  customer: z.object({ full_name: z.string(), email: z.string().nullable() }),
});

const draftsPath = '/messages?state=draft';

/** Mails of the assistant that nobody has looked at, each with all of its words. */
async function drafts(request: PageRequest): Promise<Item[]> {
  const { rows } = await readList(request, 'scheduled_messages', drafted, {
    filter: 'draft',
    fields: ['reference', 'subject', 'body', 'created_at'],
    include: ['customer'],
    sort: 'send_at',
    limit: few,
  });
  return rows.map(({ reference, subject, body, created_at, customer }) => ({
    href: `${draftsPath}#${reference}`,
    title: subject,
    more: html`to <bdi>${shorten(customer.full_name, 80)}</bdi>${customer.email !== null && html` (${shorten(customer.email, 80)})`}, written ${timeIn(request, created_at)}: “<bdi>${shorten(withoutLinks(body), 600)}</bdi>”`,
  }));
}

const toPlace = z.object({
  reference: z.string(),
  scheduled_at: z.string(),
  to_place_why: z.string().nullable(),
});

/** Visits that nobody could be sent to, or whose people are away then; the next first. */
async function visitsToPlace(request: PageRequest): Promise<Item[]> {
  const { rows } = await readList(request, 'tickets', toPlace, {
    filter: 'to_be_placed',
    fields: Object.keys(toPlace.shape),
    sort: 'scheduled_at',
    limit: few,
  });
  return rows.map(({ reference, scheduled_at, to_place_why }) => ({
    href: `/tickets/${reference}`,
    title: `Visit ${reference}`,
    more: html`${timeIn(request, scheduled_at)}, ${momentWords(to_place_why ?? '', request.identity.organization.time_zone)}`,
  }));
}

/** How each kind is shown; one that nobody has said this of is led to by its count alone. */
const shown: Readonly<Record<string, Shown>> = {
  approvals: { all: '/review', none: 'The assistant asks for nothing.', items: approvals },
  answers: { all: '/tickets?list=answered', none: 'No customer asks for another time.', items: answers },
  inquiries: { all: '/leads', none: 'Every inquiry is taken up.', items: inquiries },
  drafts: { all: draftsPath, none: 'No mail of the assistant waits.', items: drafts },
  call_backs: { all: '/follow-ups', none: 'Nobody waits for a call today.', items: callBacks },
  tasks: { all: '/follow-ups', none: 'No task is due.', items: tasks },
  to_be_placed: {
    all: '/tickets?list=to_be_placed',
    none: 'Every visit has its place.',
    items: visitsToPlace,
  },
  failed_mail: { all: failedPath, none: 'Everything has arrived, as far as we know.', items: failedMail },
};

const order = Object.keys(shown);

/** What waits for somebody, by kind: how many, the first few, and the way to all of them. */
export async function showInbox(request: PageRequest): Promise<Page> {
  const waiting = [...(await waitingFor(request))].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  );
  const full = waiting.filter(({ count }) => count > 0);
  const empty = waiting.filter(({ count }) => count === 0);
  const sections = await Promise.all(
    full.map(async one => kindSection(request, one, (await shown[one.kind]?.items(request)) ?? [])),
  );
  return {
    title: 'Inbox',
    body: html`<h1>Inbox</h1>
${full.length === 0 && html`<p class="notice">Nothing waits for you.</p>`}
${sections}
${
  empty.length > 0 &&
  html`<section aria-labelledby="nothing"><h2 id="nothing">Nothing waits here</h2>
<ul class="list">${empty.map(one => html`<li>${wayTo(request, one)} <span class="hint">${shown[one.kind]?.none}</span></li>\n`)}</ul></section>`
}`,
  };
}

/** Where all of a kind stand. */
export const allOf = (request: PageRequest, { kind, list }: Waiting): string | undefined =>
  shown[kind]?.all ?? placeOf(request, list)?.path;

function wayTo(request: PageRequest, one: Waiting): Markup {
  const all = allOf(request, one);
  return all === undefined ? html`<b>${one.label}</b>` : html`<a class="main" href="${all}">${one.label}</a>`;
}

function kindSection(request: PageRequest, one: Waiting, items: Item[]): Markup {
  const { kind, label, count } = one;
  const all = allOf(request, one);
  return html`<section aria-labelledby="${kind}"><h2 id="${kind}">${all === undefined ? label : html`<a class="main" href="${all}">${label}</a>`}${countOf(count)}</h2>
${itemList(items)}
${all !== undefined && count > items.length && html`<p class="links"><a href="${all}">All ${count}</a></p>`}</section>\n`;
}

/** Some that wait. */
export const itemList = (items: readonly Item[]): Markup =>
  html`<ul class="list">${items.map(({ href, title, more, buttons }) => html`<li><a class="main" href="${href}" dir="auto">${shorten(title, 140)}</a><p class="hint">${more}</p>${buttons}</li>\n`)}</ul>`;
