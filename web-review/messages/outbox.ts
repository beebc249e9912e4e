import { z } from 'zod';
import { capital } from '../../core/kernel/words/capital.ts';
import { unknownChoice } from '../choice.ts';
import { badge, mailLink, shorten, timeTag, words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';
import { deliveryWords } from './delivery.ts';
import { mailText } from './text.ts';

const jobRow = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  payload: z.looseObject({ to: z.string(), subject: z.string(), text: z.string() }).partial(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  created_at: z.string(),
  done_at: z.string().nullable(),
  delivery: z.string().nullable(),
  delivery_reason: z.string().nullable(),
});
type Job = z.infer<typeof jobRow>;

/** What is looked at, by its name in the address, in people's words. `dead` stays for addresses people have kept. */
const states = ['waiting', 'delivered', 'failed', 'dead'] as const;
const shownStates = states.filter(name => name !== 'dead');

/** What goes out: waiting, delivered, and what could not be delivered. */
export async function showOutbox(request: PageRequest): Promise<Page> {
  const state = states.find(name => name === textOf(request.http.query, 'state'));
  const cursor = textOf(request.http.query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'outbox', jobRow, {
    params: state ? { state } : {},
    fields: Object.keys(jobRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  const older =
    next_cursor && `/outbox?${new URLSearchParams({ ...(state && { state }), cursor: next_cursor })}`;
  const body = outboxPage(request, rows, state, older);
  return { title: 'Sent mail', body };
}

function outboxPage(
  request: PageRequest,
  rows: readonly Job[],
  state: string | undefined,
  older: string | undefined,
): Markup {
  const current = (isCurrent: boolean) => isCurrent && html` aria-current="true"`;
  return html`<h1>Sent mail</h1>
<p class="hint">What goes out, newest first. What is done inside the house stands here when it failed.</p>
<p class="links"><a href="/messages">Planned mail</a></p>
<nav aria-label="State"><p class="links"><a href="/outbox"${current(state === undefined)}>all</a> ${shownStates.map(name => html`<a href="/outbox?state=${name}"${current(name === state)}>${name}</a> `)}</p></nav>
${unknownChoice(request, 'state', { known: shownStates, shown: 'all' })}
${rows.length === 0 && html`<p class="empty">${state === undefined ? 'Nothing has gone out yet.' : `Nothing ${state === 'dead' || state === 'failed' ? 'has failed' : `is ${state}`}.`}</p>`}
<ul class="plain rows">${rows.map(row => jobItem(request, row))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`;
}

function jobItem(
  { site, identity }: PageRequest,
  { kind, state, payload, attempts, last_error, created_at, done_at, ...heard }: Job,
): Markup {
  const timeZone = identity.organization.time_zone;
  const done = site.app.registry.jobs.get(kind)?.summary;
  return html`<li>
  <p><b dir="auto">${shorten(payload.subject ?? (done === undefined ? words(kind) : capital(done)), 200)}</b> ${badge(state === 'dead' ? 'failed' : state)}</p>
  ${(payload.subject ?? payload.to) !== undefined && html`<p>${words(kind)}${payload.to !== undefined && html` to ${mailLink(payload.to)}`}</p>`}
  <p class="when">Queued ${timeTag(created_at, timeZone)}${done_at !== null && html`, delivered ${timeTag(done_at, timeZone)}`}${attempts > 1 && `, tried ${attempts} times`}</p>
  ${deliveryWords(heard)}
  ${last_error !== null && html`<p class="problem">${shorten(last_error, 300)}</p>`}
  ${payload.text !== undefined && html`<details><summary>Text</summary>${mailText(payload.text)}</details>`}
</li>\n`;
}
