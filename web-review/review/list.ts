import { wishOf } from '../../core/kernel/registry/deed.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, textOf } from '../site.ts';
import { deniedRemark } from './denied.ts';
import { undoWords } from './facts.ts';
import { foreign } from './foreign.ts';
import { type RequestReader, readerFor } from './names.ts';
import { reviewPlaces } from './places.ts';
import { type Request, readRequests } from './request.ts';
import { capital, sentenceOf } from './sentence.ts';

const shownAtOnce = 40;

/** What waits for the owner, those of the same action together (WEB-01). */
export async function listWaiting(visit: PageRequest): Promise<Page> {
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readRequests(visit, 'pending', {
    limit: shownAtOnce,
    ...(cursor === '' ? {} : { cursor }),
  });
  const reader = await readerFor(visit, rows);
  const more = next_cursor && `/review?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Review',
    body: html`<h1>Review</h1>
${reviewPlaces(visit)}
${rows.length === 0 ? html`<p class="empty">Nothing waits. Agents do what they may do alone.</p>` : ''}
${groupsOf(rows).map(group => groupSection(visit, group, reader))}
${more && html`<p><a class="button" rel="next" href="${more}">More that waits</a></p>`}`,
  };
}

function groupsOf(rows: readonly Request[]): Request[][] {
  const groups = new Map<string, Request[]>();
  for (const row of rows) groups.set(row.action, [...(groups.get(row.action) ?? []), row]);
  return [...groups.values()];
}

function groupSection(visit: PageRequest, group: readonly Request[], reader: RequestReader): Markup {
  const action = group[0]?.action ?? '';
  const id = action.replace(/\W/g, '-');
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${capital(wishOf(reader.registry, action))} <span class="count">${group.length}</span></h2>
<ul class="plain">${group.map(request => waitingItem(visit, request, reader))}</ul>
${group.length > 1 && html`<p><a class="button quiet" href="/review/together?requests=${group.map(({ reference }) => reference).join('.')}">See and decide these ${group.length} together</a></p>`}</section>`;
}

function waitingItem(visit: PageRequest, request: Request, reader: RequestReader): Markup {
  const { time_zone } = visit.identity.organization;
  const { reference, agent, rule_reason, created_at, expires_at } = request;
  return html`<li class="card ask">
<p><a class="main" href="/review/${reference}">${sentenceOf(request, reader)}</a></p>
<p>${undoWords(visit.site.app.registry, request)}</p>
<p>Asked because ${foreign(rule_reason, 300)}.</p>
${deniedRemark(request, time_zone)}
<p class="when">${foreign(agent, 80)} asked ${timeTag(created_at, time_zone)}, waits until ${timeTag(expires_at, time_zone)} · <code>${reference}</code></p>
</li>\n`;
}
