import { isLongText } from '../../core/kernel/pipeline/long-read.ts';
import { shorten } from '../format.ts';
import { type Content, html, type Markup, visible } from '../html.ts';
import { mixedWords } from './alphabets.ts';

/**
 * Words that an agent or a stranger wrote, within a sentence of ours: they keep their direction to themselves, and what
 * nobody can see stands out (security.md, "The queue", 6). Longer than `most` is cut with a word about it.
 */
export const foreign = (text: string, most = Number.POSITIVE_INFINITY): Markup =>
  html`<bdi>${marked(shorten(oneLine(text), most))}</bdi>`;

/** A text with line breaks, all of it. */
export const wholeProse = (text: string): Markup => html`<div class="prose" dir="auto">${marked(text)}</div>`;

/** The same for texts with line breaks. A long one is folded under its beginning, whole and without a script. */
export function foreignProse(text: string): Markup {
  if (!isLongText(text)) return wholeProse(text);
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

/** What nobody can see and what is written in several alphabets stands out. */
function marked(text: string): Content {
  const shown = visible(text);
  const parts: Content[] = [];
  let from = 0;
  for (const { at, text: word, remark } of mixedWords(shown)) {
    parts.push(
      speltOut(shown.slice(from, at)),
      html`<mark class="mixed">${word} <small>[${remark}]</small></mark>`,
    );
    from = at + word.length;
  }
  return [...parts, speltOut(shown.slice(from))];
}

const speltOut = (text: string): Content =>
  text.split(spelt).map(part => (spelt.test(part) ? html`<mark>${part}</mark>` : part));
