import { z } from 'zod';
import { drawStrip } from '../../core/analytics/chart.ts';
import { draw, type Line, monthSaid } from '../../core/analytics/pictures.ts';
import { wholeMoney } from '../../core/analytics/short-money.ts';
import { writeCsv } from '../../core/kernel/records/csv.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { html, type Markup, raw } from '../html.ts';
import { type Answer, mayRead, type Page, type PageRequest, textOf } from '../site.ts';
import { countPart } from './count.ts';
import { changeSaid } from './money.ts';
import type { Choice, Part } from './part.ts';
import { parts } from './parts.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** The pages of figures: tables first, and a picture beside each (ANA). */
export function addAnalytics(page: Route): void {
  page('/analytics', request => showPart(request, partCalled(request, '')));
  page('/analytics/:part', request =>
    showPart(request, partCalled(request, String(request.http.params.part))),
  );
  page('/analytics/:part/file', request => sendFile(request, String(request.http.params.part)));
}

/** The part of an address. What can be counted depends on who asks for what. */
function partCalled(request: PageRequest, name: string): Part {
  const part = name === 'count' ? countPart(request) : parts.find(each => each.name === name);
  if (!part) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  return part;
}

const pathOf = ({ name }: Part): string => (name === '' ? '/analytics' : `/analytics/${name}`);

const lineShape: z.ZodType<Line> = z.looseObject({
  currency: z
    .string()
    .nullish()
    .transform(currency => currency ?? ''),
});
const about = z.object({
  period: z.string().optional(),
  compared_with: z.string().optional(),
  says: z.array(z.string()),
});

/** The days that are told, whether they were asked for or not. */
const shownSpan = z.object({ from: z.string(), to: z.string() });

/** So many lines stand on a page; all of them are in the file. */
const shown = 30;
interface Asked {
  from: string;
  to: string;
  /** What was chosen besides, by name; only what there is. */
  chosen: Readonly<Record<string, string>>;
}

function askedOf({ http: { query } }: PageRequest, { choices = [] }: Part): Asked {
  const chosen = choices.flatMap(({ name, options }) => {
    const value = textOf(query, name);
    return value !== '' && options.some(([option]) => option === value) ? [[name, value] as const] : [];
  });
  return {
    from: textOf(query, 'from').trim(),
    to: textOf(query, 'to').trim(),
    chosen: Object.fromEntries(chosen),
  };
}

/** What is chosen of something: the first when nothing is. */
const chosenOf = ({ chosen }: Asked, { name, options }: Choice): string =>
  chosen[name] ?? options[0]?.[0] ?? '';

function paramsOf(part: Part, asked: Asked): Record<string, unknown> {
  const { from, to } = asked;
  const chosen = (part.choices ?? []).map(choice => [choice.name, chosenOf(asked, choice)]);
  return {
    ...part.params,
    ...(part.hasSpan && from !== '' ? { from } : {}),
    ...(part.hasSpan && to !== '' ? { to } : {}),
    ...Object.fromEntries(chosen.filter(([, value]) => value !== '')),
  };
}

async function read(request: PageRequest, part: Part, asked: Asked, cursor?: string) {
  const { app } = request.site;
  const fields = Object.keys(app.registry.view(part.view).spec.row.shape);
  const limit = cursor === undefined ? shown : 100;
  const more = cursor === undefined || cursor === '' ? {} : { cursor };
  const query = { params: paramsOf(part, asked), fields, limit, ...more };
  return app.read(request.caller, part.view, query, request.facts);
}

async function showPart(request: PageRequest, part: Part): Promise<Page> {
  const asked = askedOf(request, part);
  const found = await read(request, part, asked).catch(sayable);
  const isProblem = found instanceof DeskhandError;
  return {
    title: part.name === '' ? 'Figures' : `Figures: ${part.label}`,
    styles: ['office.css', 'analytics.css'],
    ...(isProblem ? { status: found.status } : {}),
    body: html`<h1>Figures</h1>
<nav aria-label="Figures"><p class="links">${[...parts, countPart(request)].map(each => html`<a href="${pathOf(each)}${spanQuery(each, asked)}"${each.name === part.name && html` aria-current="page"`}>${each.label}</a> `)}</p></nav>
${(part.hasSpan || part.choices) && askForm(part, isProblem || !part.hasSpan ? asked : { ...asked, ...shownSpan.parse(found.totals) })}
${isProblem ? html`<p class="problem" role="alert">${[found.message, found.details.hint].filter(Boolean).join(' ')}</p>` : tables(part, asked, found)}`,
  };
}

/** What can be asked otherwise, or took too long, is said on the page; nothing is shown as if it were nothing. */
function sayable(error: unknown): DeskhandError {
  if (error instanceof DeskhandError && ['VALIDATION_ERROR', 'TIMEOUT'].includes(error.code)) return error;
  throw error;
}

function spanQuery(part: Part, { from, to }: Asked): string {
  if (!part.hasSpan || (from === '' && to === '')) return '';
  return `?${new URLSearchParams({ ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) })}`;
}

const askForm = (
  part: Part,
  asked: Asked,
): Markup => html`<form method="get" action="${pathOf(part)}" class="span-form">
${
  part.hasSpan &&
  html`<div><label for="from">From</label><input id="from" name="from" type="date" value="${asked.from}"></div>
<div><label for="to">To</label><input id="to" name="to" type="date" value="${asked.to}"></div>`
}
${part.choices?.map(choice => html`<div><label for="${choice.name}">${choice.label}</label><select id="${choice.name}" name="${choice.name}">${choice.options.map(([value, said]) => html`<option value="${value}"${value === chosenOf(asked, choice) && html` selected`}>${said}</option>`)}</select></div>`)}
<button class="quiet">Show</button></form>`;

type Found = Awaited<ReturnType<typeof read>>;

function tables(part: Part, asked: Asked, { rows, totals, next_cursor }: Found): Markup {
  const lines = rows.map(row => lineShape.parse(row));
  const said = about.parse(totals);
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const isEmpty = lines.length === 0;
  return html`${said.says.map(text => html`<p>${text}</p>`)}
<p class="hint">${part.hint}${said.compared_with !== undefined && html` Compared: ${said.period ?? ''} with ${said.compared_with}.`}</p>
${isEmpty && html`<p class="empty">${part.empty}</p>`}
${currencies.map(currency => {
  const own = lines.filter(line => line.currency === currency);
  return html`<section class="figures"${currencies.length > 1 && html` aria-label="${currency}"`}>${currencies.length > 1 && html`<h2>${currency}</h2>`}
<div>${table(part, own)}</div>${chart(part, own, said)}</section>`;
})}
${next_cursor !== undefined && html`<p class="hint">These are the first ${lines.length}; the file has all of them.</p>`}
${!isEmpty && html`<p class="links"><a href="${fileOf(part)}${fileQuery(part, asked)}">All of it as a file for a spreadsheet</a></p>`}`;
}

const table = ({ columns, label }: Part, lines: readonly Line[]): Markup =>
  html`<table class="lines"><caption class="unseen">${label}</caption><thead><tr>${columns.map(
    ({ title, isNumber, isWide }) =>
      html`<th scope="col" class="${[isNumber && 'number', isWide && 'roomy'].filter(Boolean).join(' ')}">${title === '' ? html`<span class="unseen">Standing</span>` : title}</th>`,
  )}</tr></thead><tbody>${lines.map(
    line =>
      html`<tr>${columns.map(({ cell, isNumber, isWide }) => html`<td class="${[isNumber && 'number', isWide && 'roomy'].filter(Boolean).join(' ')}">${cell(line)}</td>`)}</tr>\n`,
  )}</tbody></table>`;

/** Ready for a page: escaped, and what nobody can see spelt out. */
const write = (text: string): string => html`${text}`.text;

function chart({ picture, view }: Part, lines: readonly Line[], said: z.infer<typeof about>): Markup | false {
  // Month by month there is more that can be compared than the whole of it.
  const isLike = said.compared_with !== undefined || view === 'analytics_yoy';
  const drawn = picture && draw(picture, lines, { write, isLike });
  return drawn !== undefined && html`<div>${raw(drawn)}</div>`;
}

const fileOf = ({ name }: Part): string => `/analytics/${name === '' ? 'work' : name}/file`;

function fileQuery({ hasSpan }: Part, { from, to, chosen }: Asked): string {
  const days = hasSpan ? { from, to } : {};
  const query = new URLSearchParams(Object.entries({ ...days, ...chosen }).filter(([, text]) => text !== ''));
  return query.size === 0 ? '' : `?${query}`;
}

/** Pages of a list that go into one file. */
const mostPages = 100;

/** All lines with all their members, as a file that a spreadsheet opens (ANA-04). */
async function sendFile(request: PageRequest, name: string): Promise<Answer> {
  const part = partCalled(request, name === 'work' ? '' : name);
  const asked = askedOf(request, part);
  const rows: Record<string, unknown>[] = [];
  let cursor: string | undefined = '';
  for (let page = 0; cursor !== undefined && page < mostPages; page += 1) {
    const found: Found = await read(request, part, asked, cursor);
    rows.push(...found.rows);
    cursor = found.next_cursor;
  }
  const columns = Object.keys(request.site.app.registry.view(part.view).spec.row.shape);
  return {
    file: Buffer.from(writeCsv(columns, rows)),
    name: `figures-${name}.csv`,
    content_type: 'text/csv; charset=utf-8',
  };
}

const stripLine = z.object({
  month: z.string(),
  amount_cents: z.number(),
  percent: z.number().nullable(),
  last_year_cents: z.number(),
  currency: z.string(),
});

/**
 * One line for the owner's first page: this month against the same days of the year before, and twelve months as a small picture. Left
 * out while nothing was done in either, and where it takes too long: the day does not wait for it.
 */
export async function monthStrip(request: PageRequest): Promise<Markup | false> {
  const { actor } = request.identity;
  if (!mayRead(request, 'analytics_yoy') || (actor.role !== 'owner' && actor.role !== 'admin')) return false;
  const query = { fields: Object.keys(stripLine.shape), limit: 100 };
  const found = await request.site.app
    .read(request.caller, 'analytics_yoy', query, request.facts)
    .catch(sayable);
  if (found instanceof DeskhandError) return false;
  const lines = found.rows.map(row => stripLine.parse(row));
  const [line] = lines;
  if (!line || (line.amount_cents === 0 && line.last_year_cents === 0)) return false;
  const { amount_cents, currency, percent } = line;
  const months = lines
    .filter(each => each.currency === currency)
    .map(({ month, amount_cents: amount }) => ({
      name: monthSaid(month),
      amount,
      said: wholeMoney(amount, currency),
    }))
    .reverse();
  return html`<p class="hint"><a href="/analytics">${raw(drawStrip(months, write))} This month</a>: <b>${wholeMoney(amount_cents, currency)}</b> of work${percent !== null && html`, ${changeSaid(percent)} on the same days last year`}.</p>`;
}
