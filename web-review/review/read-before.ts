import { timeTag, words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { plain } from '../words.ts';
import { foreign } from './foreign.ts';
import type { Request } from './request.ts';
import { countOf } from './sentence.ts';

/** More than anybody reads through. */
const mostNamed = 40;

/** What the agent had read in the half hour before it wanted something to go out; '' where nothing goes out. */
export function readBefore({ preview }: Request, timeZone: string): Markup | '' {
  const { read_before: looks, outgoing } = preview;
  if (looks === undefined || outgoing.length === 0) return '';
  return html`<section aria-labelledby="read"><h2 id="read">What the agent had read before</h2>
${looks.length === 0 && html`<p class="empty">Nothing in the last half hour, as far as this server knows.</p>`}
<ul class="changes">${looks.map(
    ({ what, rows, references, at }) =>
      html`<li>${plain(words(what))}, ${countOf(rows, 'result')}, ${timeTag(at, timeZone)}${references.length > 0 && html`: ${references.slice(0, mostNamed).map((reference, n) => html`${n > 0 && ', '}<span class="ref">${foreign(reference, 60)}</span>`)}${references.length > mostNamed && ` and ${references.length - mostNamed} more`}`}</li>`,
  )}</ul></section>`;
}
