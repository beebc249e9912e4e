import { shorten } from '../format.ts';
import { type Content, html, type Markup, visible } from '../html.ts';

/**
 * Words that an agent or a stranger wrote, within a sentence of ours: they keep their direction to themselves, and what
 * nobody can see stands out (security.md, "The queue", 6). Longer than `most` is cut with a word about it.
 */
export const foreign = (text: string, most = Number.POSITIVE_INFINITY): Markup =>
  html`<bdi>${marked(shorten(oneLine(text), most))}</bdi>`;

const longText = 600;
const manyLines = 10;

/** The same for texts with line breaks. A long one is folded under its beginning, whole and without a script. */
export function foreignProse(text: string): Markup {
  if (text.length <= longText && text.split('\n').length <= manyLines) {
    return html`<div class="prose" dir="auto">${marked(text)}</div>`;
  }
  return html`<details class="prose-fold">
<summary><span class="beginning">${foreign(beginningOf(text))}… </span><span class="more">show all ${text.length.toLocaleString('en-US')} characters</span></summary>
<div class="prose" dir="auto">${marked(text)}</div></details>`;
}

const beginningOf = (text: string): string =>
  oneLine(text)
    .slice(0, 200)
    .replace(/[\ud800-\udbff]$/, '');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const spelt = /(\[U\+[0-9A-F]{4,6}\])/;

function marked(text: string): Content {
  return visible(text)
    .split(spelt)
    .map(part => (spelt.test(part) ? html`<mark>${part}</mark>` : part));
}
