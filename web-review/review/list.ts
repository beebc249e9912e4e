import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, textOf } from '../site.ts';
import { approvalCard } from './card.ts';
import { type RequestReader, readerFor } from './names.ts';
import { reviewPlaces } from './places.ts';
import { type Request, readRequests } from './request.ts';

const shownAtOnce = 40;

/** What waits for the owner, newest first, a sentence each (WEB-01); those of the same kind can be decided together. */
export async function listWaiting(pageRequest: PageRequest): Promise<Page> {
  const cursor = textOf(pageRequest.http.query, 'cursor');
  const { rows, next_cursor } = await readRequests(pageRequest, 'pending', {
    limit: shownAtOnce,
    ...(cursor === '' ? {} : { cursor }),
  });
  const reader = await readerFor(pageRequest, rows);
  const more = next_cursor && `/review?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Approvals',
    body: html`<h1>Approvals${rows.length > 0 && html` <span class="count">${rows.length}${more && '+'}</span>`}</h1>
${reviewPlaces(pageRequest)}
${rows.length === 0 ? html`<p class="empty">Nothing waits for you. What the assistant may do by itself it does; <a href="/done">see what it did</a>.</p>` : ''}
${groupsOf(rows).map(group => groupSection(pageRequest, group, reader))}
${more && html`<p><a class="button plain" rel="next" href="${more}">More that waits</a></p>`}`,
  };
}

function groupsOf(rows: readonly Request[]): Request[][] {
  const groups = new Map<string, Request[]>();
  for (const row of rows) groups.set(row.action, [...(groups.get(row.action) ?? []), row]);
  return [...groups.values()];
}

function groupSection(pageRequest: PageRequest, group: readonly Request[], reader: RequestReader): Markup {
  return html`<ul class="plain">${group.map(request => approvalCard(pageRequest, request, reader))}</ul>
${group.length > 1 && html`<p><a class="button plain" href="/review/together?requests=${group.map(({ reference }) => reference).join('.')}">See and decide these ${group.length} together</a></p>`}`;
}
