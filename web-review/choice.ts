import { shorten, words } from './format.ts';
import { html, type Markup } from './html.ts';
import { type PageRequest, textOf } from './site.ts';

/** A sentence for an address that asks for a list there is not: the one named stands in for it. */
export function unknownChoice(
  { http }: Pick<PageRequest, 'http'>,
  member: string,
  { known, shown }: { known: readonly string[]; shown: string },
): Markup | false {
  const asked = textOf(http.query, member).trim();
  if (asked === '' || known.includes(asked)) return false;
  return html`<p class="problem" role="alert">There is no list “<bdi>${shorten(asked, 60)}</bdi>”: this one is “${words(shown)}”.</p>`;
}
