import { isLongText, mailsAtOnce } from '../../core/kernel/pipeline/long-read.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { words } from '../format.ts';
import { label } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { type ChangeReader, showWhole } from './changes.ts';
import { foreign, foreignProse, wholeProse } from './foreign.ts';
import type { Outgoing } from './request.ts';
import { countOf } from './sentence.ts';

/** Every message as it would leave: to whom, about what, and its whole text; a `whole` reader folds nothing. */
export function outgoingList(outgoing: readonly Outgoing[], reader: ChangeReader): Markup {
  const { whole = false } = reader;
  const item = (message: Outgoing) => messageItem(message, reader, whole ? wholeProse : foreignProse);
  if (whole) return html`${outgoing.map(item)}`;
  const rest = outgoing.slice(mailsAtOnce);
  return html`${outgoing.slice(0, mailsAtOnce).map(item)}
${rest.length > 0 && html`<details class="fold"><summary>${countOf(rest.length, 'more message')}</summary>${rest.map(item)}</details>`}`;
}

function messageItem(
  { kind, payload }: Outgoing,
  reader: ChangeReader,
  prose: (text: string) => Markup,
): Markup {
  const { to, subject, text, ...rest } = payload;
  const show = (name: string, value: unknown) =>
    typeof value === 'string' && isLongText(value) ? prose(value) : showWhole(name, value, reader);
  if (typeof to !== 'string' || typeof text !== 'string') return plainItem(kind, payload, show);
  const more = Object.entries(rest).filter(([name, value]) => !/_(id|link)$/.test(name) && !isNothing(value));
  return html`<div class="card"><p>${kind === 'email' ? 'E-mail' : words(kind)} to <b>${foreign(to)}</b></p>
${typeof subject === 'string' && html`<p>Subject: <b>${foreign(subject)}</b></p>`}
${more.map(([name, value]) => html`<div>${label(name)}: ${show(name, value)}</div>`)}
${prose(text)}</div>\n`;
}

/** `links: {}` */
const isNothing = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const plainItem = (
  kind: string,
  payload: Outgoing['payload'],
  show: (name: string, value: unknown) => Content,
): Markup =>
  html`<div class="card"><p>${capital(words(kind))}</p><ul class="changes">${Object.entries(payload).map(
    ([name, value]) => html`<li>${label(name)}: ${show(name, value)}</li>`,
  )}</ul></div>\n`;
