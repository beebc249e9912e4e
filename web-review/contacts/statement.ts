import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { whatOf } from '../../core/statements/of-statement.ts';
import { type Statement, statementRow } from '../../core/statements/statements-of.ts';
import { dayTag, shorten } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import {
  type Answer,
  mayDo,
  type Page,
  type PageRequest,
  type PaperFile,
  readList,
  recordOf,
  textOf,
} from '../site.ts';

/** What is asked for: the days and the money, as they stand in the address or were typed. */
interface Asked {
  from?: string;
  to?: string;
  currency?: string;
}

function askedOf(given: unknown): Asked {
  const said = (name: string) => textOf(given, name).trim();
  return Object.fromEntries(
    ['from', 'to', 'currency'].flatMap(name => (said(name) === '' ? [] : [[name, said(name)]])),
  );
}

/** Whose statement a page is: of a customer, or of a company that pays bills. */
export interface Payer {
  is_company: boolean;
  /** How the call names them. */
  whose: { contact_id: string } | { company_id: string };
  /** The page of theirs that leads here. */
  home: string;
}

export function customerOf(request: PageRequest): Payer {
  const contact_id = recordOf(request);
  return { is_company: false, whose: { contact_id }, home: `/contacts/${contact_id}` };
}

export function companyOf(request: PageRequest): Payer {
  const company_id = recordOf(request);
  return { is_company: true, whose: { company_id }, home: `/records/companies/${company_id}` };
}

const nobody = ({ is_company }: Payer) =>
  new DeskhandError('NOT_FOUND', `There is no such ${is_company ? 'company' : 'customer'} here.`);

/** What somebody owes and why: to read, to print, as a file, and to mail. */
export async function showStatement(
  request: PageRequest,
  payer: Payer,
  { problem, typed }: { problem?: string; typed?: unknown } = {},
): Promise<Page> {
  const asked = askedOf(typed ?? request.http.query);
  const { rows, refused } = await read(request, payer, asked, problem);
  const [first] = rows;
  if (!first) throw nobody(payer);
  const { customer } = first;
  const bills = { list: 'all', customer: first.contact ?? first.company ?? '' };
  return {
    title: `Statement of ${shorten(customer, 60)}`,
    status: refused === undefined ? 200 : 400,
    body: html`<h1>Statement</h1>
<p class="links"><a href="${payer.home}"><bdi>${shorten(customer, 120)}</bdi></a> <a href="/invoices?${new URLSearchParams(bills).toString()}">all bills</a></p>
${refused !== undefined && html`<p class="problem" role="alert">${refused}</p>`}
<details class="fold"${refused !== undefined && html` open`}><summary>${dayTag(first.from)} to ${dayTag(first.to)}</summary>
<form method="get" action="${payer.home}/statement">
<label for="from">From</label><input id="from" name="from" type="date" value="${asTyped(asked.from ?? first.from)}">
<label for="to">To</label><input id="to" name="to" type="date" value="${asTyped(asked.to ?? first.to)}">
<button class="plain">Show</button></form></details>
${rows.map(row => accountOf(request, payer, row, rows.length > 1))}`,
  };
}

/** The statements, or those of the usual days with what was wrong with the others. */
async function read(request: PageRequest, { whose }: Payer, asked: Asked, problem: string | undefined) {
  const rowsOf = async (params: Asked) =>
    (await readList(request, 'statement', statementRow, { params: { ...whose, ...params } })).rows;
  try {
    return { rows: await rowsOf(asked), refused: problem };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'VALIDATION_ERROR') throw error;
    return { rows: await rowsOf({}), refused: problem ?? error.message };
  }
}

function accountOf(request: PageRequest, payer: Payer, row: Statement, isOneOfSeveral: boolean): Markup {
  const money = (cents: number) => formatMoney(cents, row.currency);
  const { closing_cents: closing, overdue_cents, credit_cents, on_its_way_cents, open_cents } = row;
  const asked = new URLSearchParams({ from: row.from, to: row.to, currency: row.currency });
  const head =
    closing > 0
      ? html`<b>${money(closing)}</b> to be paid`
      : closing < 0
        ? html`<b>${money(-closing)}</b> to the good of the ${payer.is_company ? 'company' : 'customer'}`
        : html`Nothing is open.`;
  return html`<section aria-labelledby="account-${row.currency}"><h2 id="account-${row.currency}">${isOneOfSeveral ? `In ${row.currency}` : 'Account'}</h2>
<p class="lead">${head}${overdue_cents > 0 && html` · <span class="warning">${money(overdue_cents)} overdue</span>`}</p>
${credit_cents > 0 && open_cents > 0 && html`<p>${money(open_cents)} open on bills, less ${money(credit_cents)} that the ${payer.is_company ? 'company' : 'customer'} has to get.</p>`}
${on_its_way_cents > 0 && html`<p>${money(on_its_way_cents)} is on its way by bank and not taken off yet.</p>`}
<p class="links"><a href="${payer.home}/statement/pdf?${asked.toString()}">PDF, to print or to send</a></p>
<table class="lines">
<thead><tr><th scope="col">What</th><th scope="col" class="number">Amount</th><th scope="col" class="number">Balance</th></tr></thead>
<tbody><tr><td>Balance before</td><td></td><td class="number">${money(row.opening_cents)}</td></tr>
${row.entries.map(
  entry =>
    html`<tr><td>${whereTo(entry)}<br><small>${dayTag(entry.on)}</small></td><td class="number">${money(entry.amount_cents)}</td><td class="number">${money(entry.balance_cents)}</td></tr>\n`,
)}</tbody></table>
${open_cents > 0 && agingOf(row)}
${mayDo(request, 'statement.send') && sendForm(request, payer, row)}</section>`;
}

const whereTo = (entry: Statement['entries'][number]): Markup =>
  html`<a href="/invoices/${entry.invoice}">${whatOf(entry)}</a>`;

function agingOf({ aging, currency }: Statement): Markup {
  const parts = [
    ['Not due yet', aging.not_due_cents],
    ['1–30 days late', aging.days_1_to_30_cents],
    ['31–60 days', aging.days_31_to_60_cents],
    ['61–90 days', aging.days_61_to_90_cents],
    ['Over 90 days', aging.over_90_days_cents],
  ] as const;
  return html`<h3>How long it is open</h3><table class="lines"><tbody>${parts.map(
    ([name, cents]) =>
      cents > 0 &&
      html`<tr><th scope="row">${name}</th><td class="number">${formatMoney(cents, currency)}</td></tr>\n`,
  )}</tbody></table>`;
}

function sendForm(
  request: PageRequest,
  { home, is_company }: Payer,
  { from, to, currency }: Statement,
): Markup {
  return html`<form method="post" action="${home}/statement">${formFields(request)}<input type="hidden" name="from" value="${from}"><input type="hidden" name="to" value="${to}"><input type="hidden" name="currency" value="${currency}">
<button>Mail it to the ${is_company ? 'company' : 'customer'}</button></form>`;
}

/** Mails it. What was refused is said on the page. */
export async function sendStatement(request: PageRequest, payer: Payer): Promise<Answer> {
  const { body } = request.http;
  const asked = askedOf(body);
  try {
    const { warnings } = await submit(request, 'statement.send', { ...payer.whose, ...asked });
    return {
      redirect: `${payer.home}/statement?${new URLSearchParams({ ...asked }).toString()}`,
      said: { done: 'The statement is on its way.', warnings },
    };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !['VALIDATION_ERROR', 'INVALID_STATE'].includes(error.code))
      throw error;
    const problem = [error.message, error.details.hint].filter(Boolean).join(' ');
    return showStatement(request, payer, { problem, typed: body });
  }
}

/** The statement on paper. Throws NOT_FOUND. */
export async function showStatementPaper(request: PageRequest, payer: Payer): Promise<PaperFile> {
  const { spec } = request.site.app.registry.view('statement_paper');
  const params = { ...payer.whose, ...askedOf(request.http.query) };
  const [row] = (await readList(request, 'statement_paper', spec.row, { params })).rows;
  if (!row || !spec.file) throw nobody(payer);
  const { content_type } = spec.file;
  const { app } = request.site;
  const file = await spec.file.write(row, {
    read: async (type, query) => (await app.read(request.caller, type, query, request.facts)).rows,
    linkAddress: (purpose, id) => app.linkAddress(request.identity.organization.id, purpose, id),
  });
  return { file, name: spec.file.name(row), content_type };
}
