import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, textOf } from '../site.ts';
import { foreign } from './foreign.ts';
import { type RequestReader, readerFor } from './names.ts';
import { reviewPlaces } from './places.ts';
import { type Request, readRequests, stateBadge } from './request.ts';
import { sentenceOf } from './sentence.ts';

/** What was asked for and is decided, taken back or over, newest first (MAQ-18). */
export async function listDecided(pageRequest: PageRequest): Promise<Page> {
  const cursor = textOf(pageRequest.http.query, 'cursor');
  const { rows, next_cursor } = await readRequests(pageRequest, 'decided', {
    limit: 20,
    ...(cursor === '' ? {} : { cursor }),
  });
  const reader = await readerFor(pageRequest, rows);
  const older = next_cursor && `/review/history?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Decided requests',
    body: html`<h1>Decided</h1>
${reviewPlaces(pageRequest)}
${rows.length === 0 && html`<p class="empty">Nothing has been decided yet.</p>`}
<ul class="plain rows">${rows.map(row => decidedItem(row, reader))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`,
  };
}

function decidedItem(request: Request, reader: RequestReader): Markup {
  const { reference, agent, decided_by, decided_at, decision_note, created_at } = request;
  return html`<li><p><a class="main" href="/review/${reference}">${sentenceOf(request, reader)}</a></p>
<p>${stateBadge(request)}${decided_by !== null && html` · ${foreign(decided_by, 80)}`}${decided_at !== null && html`, ${timeTag(decided_at, reader.time_zone)}`}</p>
${decision_note !== null && html`<p>Note: ${foreign(decision_note, 200)}</p>`}
<p class="when">${foreign(agent, 80)} asked ${timeTag(created_at, reader.time_zone)} · <code>${reference}</code></p></li>\n`;
}
