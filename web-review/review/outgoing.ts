import { words } from '../format.ts';
import { label } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { type ChangeReader, showWhole } from './changes.ts';
import { foreign, foreignProse } from './foreign.ts';
import type { Outgoing } from './request.ts';
import { countOf } from './sentence.ts';

const shownAtOnce = 3;

/** Every message as it would leave: to whom, about what, and its whole text. */
export function outgoingList(outgoing: readonly Outgoing[], reader: ChangeReader): Markup {
  const item = (message: Outgoing) => messageItem(message, reader);
  const rest = outgoing.slice(shownAtOnce);
  return html`${outgoing.slice(0, shownAtOnce).map(item)}
${rest.length > 0 && html`<details class="fold"><summary>${countOf(rest.length, 'more message')}</summary>${rest.map(item)}</details>`}`;
}

function messageItem({ kind, payload }: Outgoing, reader: ChangeReader): Markup {
  const { to, subject, text, ...rest } = payload;
  if (typeof to !== 'string' || typeof text !== 'string') return plainItem(kind, payload, reader);
  const more = Object.entries(rest).filter(([name]) => !name.endsWith('_id'));
  return html`<div class="card"><p>${kind === 'email' ? 'E-mail' : words(kind)} to <b>${foreign(to)}</b></p>
${typeof subject === 'string' && html`<p>Subject: <b>${foreign(subject)}</b></p>`}
${more.map(([name, value]) => html`<p>${label(name)}: ${showWhole(name, value, reader)}</p>`)}
${foreignProse(text)}</div>\n`;
}

const plainItem = (kind: string, payload: Outgoing['payload'], reader: ChangeReader): Markup =>
  html`<div class="card"><p>${words(kind)}</p><ul class="changes">${Object.entries(payload).map(
    ([name, value]) => html`<li>${label(name)}: ${showWhole(name, value, reader)}</li>`,
  )}</ul></div>\n`;
