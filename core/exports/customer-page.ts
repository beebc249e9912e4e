import { Temporal } from 'temporal-polyfill';
import { escapeHtml } from '../kernel/words/escape-html.ts';
import { formatMoney } from '../kernel/words/money.ts';
import type { Chapter, CustomerFile } from './customer-file.ts';

type Row = Chapter['rows'][number];
type Column = Chapter['columns'][number];

/**
 * The page of a customer's file that a person reads, of nothing but itself: no script, nothing loaded. Each kind has a chapter;
 * what is empty is left out.
 */
export function customerPage(file: CustomerFile, papers: readonly string[]): string {
  const { full_name, business, chapters } = file;
  const name = escapeHtml(full_name);
  const filled = chapters.filter(({ rows }) => rows.length > 0);
  const day = momentWords(file.taken_at, file.time_zone);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${name}: what ${escapeHtml(business)} knows</title>
<style>${style}</style></head>
<body><main>
<h1>${name}</h1>
<p class="lead">Everything ${escapeHtml(business)} has written down about you, as of ${escapeHtml(day)}.</p>
<p>The folder <i>data</i> holds the same for computer programs (JSON). ${papers.length > 0 ? 'The folder <i>bills</i> holds your bills. ' : ''}Days and times are those of the business (${escapeHtml(file.time_zone.replaceAll('_', ' '))}).</p>
<nav aria-label="Chapters"><ul>${filled.map(({ name: id, title, rows }) => `<li><a href="#${id}">${escapeHtml(id === 'contacts' ? 'You' : title)}</a>${id === 'contacts' ? '' : ` <small>${rows.length}</small>`}</li>`).join('')}<li><a href="#history">Changes</a> <small>${file.history.length}</small></li></ul></nav>
${filled.map(one => chapterOf(file, one, papers)).join('\n')}
${historyOf(file)}
</main></body></html>
`;
}

function chapterOf(file: CustomerFile, chapter: Chapter, papers: readonly string[]): string {
  const { name, title, rows } = chapter;
  const isOne = name === 'contacts';
  const items = rows.map(row => itemOf(file, chapter, row, papers)).join('\n');
  return `<section aria-labelledby="${name}"><h2 id="${name}">${escapeHtml(isOne ? 'You' : title)}</h2>
${items}</section>`;
}

function itemOf(file: CustomerFile, { name, columns }: Chapter, row: Row, papers: readonly string[]): string {
  const currency = typeof row.currency === 'string' ? row.currency : file.currency;
  const facts = columns
    .filter(column => column.name !== 'currency' && column.name !== 'reference')
    .map(column => [column.title, shownAs(row[column.name], column, { ...file, currency })] as const)
    .filter(([, value]) => value !== '');
  const reference = typeof row.reference === 'string' ? row.reference : '';
  const paper = name === 'invoices' ? papers.find(one => one === `bills/${reference}.pdf`) : undefined;
  return `<article>${reference === '' ? '' : `<h3>${escapeHtml(reference)}${paper === undefined ? '' : ` <a href="${escapeHtml(paper)}">the bill</a>`}</h3>`}
<dl>${facts.map(([title, value]) => `<div><dt>${escapeHtml(title)}</dt><dd>${value}</dd></div>`).join('\n')}</dl></article>`;
}

function historyOf({ history, time_zone }: CustomerFile): string {
  if (history.length === 0) return '';
  const rows = history.map(entry => {
    const { at, what, reference, action, by, changed } = entry;
    const members = Array.isArray(changed) ? changed.map(name => String(name).replaceAll('_', ' ')) : [];
    const shown = members.length > 6 ? [...members.slice(0, 6), '…'] : members;
    return `<tr><td>${escapeHtml(momentWords(String(at), time_zone))}</td><td>${escapeHtml([what, reference === what ? '' : reference].filter(Boolean).join(' '))}</td><td>${escapeHtml(String(action).replaceAll('_', ' '))}${shown.length > 0 ? `<br><small>${escapeHtml(shown.join(', '))}</small>` : ''}</td><td>${escapeHtml(String(by))}</td></tr>`;
  });
  return `<section aria-labelledby="history"><h2 id="history">Changes</h2>
<div class="wide"><table><thead><tr><th>When</th><th>Of what</th><th>What</th><th>By whom</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div></section>`;
}

/** Members of a part that need no name beside them, and those that tell a reader nothing. */
const plain = ['content', 'description', 'email', 'name', 'number'];
const sayNothing = ['currency', 'position', 'pricing', 'primary'];

interface Shown {
  time_zone: string;
  currency: string;
}

/** A value as people read it, as markup; empty for nothing. */
function shownAs(value: unknown, { name, kind }: Pick<Column, 'name' | 'kind'>, shown: Shown): string {
  if (value === null || value === undefined || value === '' || value === false) return '';
  if (Array.isArray(value)) {
    const items = value.map(item => shownAs(item, { name, kind: 'own' }, shown)).filter(Boolean);
    return items.every(item => item.length < 60 && !item.includes('<'))
      ? items.join(', ')
      : items.map(item => `<p>${item}</p>`).join('');
  }
  if (typeof value === 'object')
    return Object.entries(value)
      .filter(([key, inner]) => !sayNothing.includes(key) && inner !== 'other')
      .map(([key, inner]) => [key, shownAs(inner, { name: key, kind: kindLike(key, inner) }, shown)])
      .filter(([, inner]) => inner !== '')
      .map(([key = '', inner]) =>
        plain.includes(key) ? inner : `<small>${escapeHtml(wordsOf(key))}</small> ${inner}`,
      )
      .join(' · ');
  if (value === true) return 'yes';
  const text = String(value);
  switch (kind) {
    case 'money':
      return escapeHtml(formatMoney(Number(value), shown.currency));
    case 'moment':
      return escapeHtml(momentWords(text, shown.time_zone));
    case 'date':
      return escapeHtml(dayWords(text));
    case 'percent':
      return `${escapeHtml(text)} %`;
    case 'choice':
      return escapeHtml(text.replaceAll('_', ' '));
    case 'number':
      return escapeHtml(name.endsWith('_minutes') ? `${text} minutes` : text);
    default:
      return escapeHtml(text).replaceAll('\n', '<br>');
  }
}

/** What a member of an object holds, by its name: it has no field that says so. */
function kindLike(name: string, value: unknown): string {
  if (name.endsWith('_cents') && typeof value === 'number') return 'money';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return 'moment';
  return name.endsWith('_minutes') ? 'number' : 'own';
}

const wordsOf = (name: string) => name.replace(/_(cents|at|on|minutes)$/, '').replaceAll('_', ' ');

const momentWords = (moment: string, timeZone: string): string =>
  Temporal.Instant.from(moment)
    .toZonedDateTimeISO(timeZone)
    .toLocaleString('en-US', { dateStyle: 'medium', timeStyle: 'short' });

const dayWords = (day: string): string =>
  Temporal.PlainDate.from(day).toLocaleString('en-US', { dateStyle: 'long' });

const style = `
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.2rem;margin:2.5rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}h3 a{font-weight:400}
.lead{font-size:1.1rem;margin-top:0}
nav ul{list-style:none;margin:1rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
small{opacity:.75}
article{border:1px solid color-mix(in srgb,CanvasText 20%,Canvas);border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0;break-inside:avoid}
dl{margin:0}dl div{display:grid;grid-template-columns:10rem 1fr;gap:.75rem;padding:.15rem 0}
dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}dd p{margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid color-mix(in srgb,CanvasText 15%,Canvas)}
td:first-child{white-space:nowrap}
@media (max-width:30rem){dl div{grid-template-columns:1fr;gap:0;padding:.3rem 0}}
`.trim();
