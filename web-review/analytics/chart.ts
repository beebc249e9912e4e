import { html, type Markup } from '../html.ts';

/** One line of a chart: what it is called, its amount and the one before, and how they are written. */
export interface Bar {
  label: string;
  amount: number;
  said: string;
  before?: number;
  /** Where its rows are listed. */
  href?: string;
}

const width = 360;
const left = 92;
const right = 74;
const row = 34;
const top = 24;

/**
 * Bars that lie, one line each, so that a phone shows their words as large as the text around them: filled ones for now, outlined
 * ones for the year before, each with its amount in words. What is below nothing is drawn as nothing, and said. Drawn by the
 * server, with the colours of the page by day, at night and on paper.
 */
export function barChart(bars: readonly Bar[], { title, now, before, said }: ChartWords): Markup {
  const most = Math.max(1, ...bars.flatMap(({ amount, before: last = 0 }) => [amount, last]));
  const ceiling = roundUp(most);
  const room = width - left - right;
  const at = (amount: number) => Math.max(0, Math.round((amount / ceiling) * room * 10) / 10);
  const height = top + bars.length * row + 22;
  const foot = top + bars.length * row;
  const lines = [0, 0.5, 1].map(part => ({ x: left + room * part, text: said(ceiling * part) }));
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<g class="key"><rect x="${left}" y="4" width="10" height="10" class="now"/><text x="${left + 15}" y="13">${now}</text>${before !== undefined && html`<rect x="${left + 95}" y="4.5" width="10" height="9" class="last"/><text x="${left + 110}" y="13">${before}</text>`}</g>
<g class="axis">${lines.map(({ x, text }) => html`<path d="M${x} ${top}V${foot}"/><text x="${x}" y="${foot + 15}" text-anchor="middle">${text}</text>`)}</g>
${bars.map(({ label, amount, said: words, before: last }, index) => {
  const y = top + index * row;
  return html`<text x="${left - 8}" y="${y + 20}" text-anchor="end">${short(label)}</text><rect class="now" x="${left}" y="${y + 5}" width="${at(amount)}" height="14"/>${last !== undefined && html`<rect class="last" x="${left}" y="${y + 20.5}" width="${at(last)}" height="7"/>`}<text x="${left + at(amount) + 5}" y="${y + 17}">${words}</text>\n`;
})}</svg>`;
}

export interface ChartWords {
  /** What is seen, for those who do not see it. */
  title: string;
  now: string;
  before?: string;
  /** An amount on the axis. */
  said(amount: number): string;
}

/** So long a name stands beside a bar; the table has all of it. */
const most = 12;
const short = (label: string): string =>
  label.length <= most ? label : `${label.slice(0, most - 1).trimEnd()}…`;

/** A round number at or above the largest: where an axis ends. */
function roundUp(amount: number): number {
  const power = 10 ** Math.floor(Math.log10(amount));
  return ([1, 2, 3, 4, 6, 8, 10].find(step => step * power >= amount) ?? 10) * power;
}
