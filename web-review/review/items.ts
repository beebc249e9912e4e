import type { Registry } from '../../core/kernel/registry/registry.ts';
import { html, type Markup } from '../html.ts';
import { agentWords } from './agent-words.ts';
import { affectedBy, type ChangeReader, changeList } from './changes.ts';
import { undoWords } from './facts.ts';
import { foreign } from './foreign.ts';
import { outgoingList } from './outgoing.ts';
import { callsOf, type Request, stateBadge } from './request.ts';
import { sentenceOf } from './sentence.ts';
import { whyAsked } from './why-asked.ts';

/** Each call of a bulk as a request of its own would read. */
export const itemsOf = (request: Request): Request[] =>
  callsOf(request).map((item, index) => ({
    ...request,
    ...item,
    preview: item.preview ?? request.preview,
    reference: `${request.reference}-${index + 1}`,
    items: [],
  }));

/** The calls of a bulk one below the other, each whole: what it does, what goes out, and why the agent wants it. */
export function itemSection(registry: Registry, request: Request, reader: ChangeReader): Markup {
  const stale = callsOf(request).filter(item => item.is_stale).length;
  return html`<section aria-labelledby="items"><h2 id="items">${callsOf(request).length} things that belong together</h2>
<p>The agent did more of this than it may do alone. You allow or deny all of it at once.${stale > 0 && html` <b>${stale === 1 ? 'One of them' : `${stale} of them`} cannot be done any more, because something was changed since; the others can.</b>`}</p>
<ol class="plain">${itemsOf(request).map((item, index) => itemCard({ registry, item, reader, isStale: callsOf(request)[index]?.is_stale === true }))}</ol></section>`;
}

function itemCard({
  registry,
  item,
  reader,
  isStale,
}: {
  registry: Registry;
  item: Request;
  reader: ChangeReader;
  isStale: boolean;
}): Markup {
  const waits = item.status === 'pending';
  return html`<li class="card ask"><p class="main">${sentenceOf(item, reader)} ${isStale ? html`<span class="badge dead">something changed since</span>` : !waits && stateBadge(item)}</p>
${!waits && item.error?.message !== undefined && html`<p>${foreign(item.error.message)}</p>`}
<p>${undoWords(registry, item)} Asked because ${whyAsked(registry, item)}.</p>
${changeList(affectedBy(item), reader)}
${outgoingList(item.preview.goes_out, { ...reader, whole: true })}
${agentWords(item)}</li>\n`;
}
