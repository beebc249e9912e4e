import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import { invalid } from '../../core/kernel/words/errors.ts';
import { formatMoney, plainMoney } from '../../core/kernel/words/money.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import type { Answer, Page, PageRequest } from '../site.ts';
import { saidOf } from '../undo.ts';
import { isOpen, type OpenedVisit, openVisitFor, visitHeading } from './heading.ts';
import { amountFields, type Offered, readAmounts, readPriceList, serviceSelect } from './price-list.ts';

type Line = OpenedVisit['line_items'][number];

/** What is done on a visit: services added, changed, agreed on and taken off, a press each. */
export async function showServices(request: PageRequest, draft?: Draft): Promise<Page> {
  const [row, offered] = await Promise.all([
    openVisitFor(request, 'ticket.add_line'),
    readPriceList(request),
  ]);
  const money = (cents: number) => formatMoney(cents, row.currency);
  return {
    title: 'Services of the visit',
    status: draft?.status ?? 200,
    body: html`${visitHeading(request, 'Services', row)}
${!isOpen(row) && html`<p class="problem" role="alert">This visit is over: what was done on it stays as it is.</p>`}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
${row.line_items.length === 0 && html`<p class="empty">No services yet.</p>`}
<ul class="list">${row.line_items.map((line, at) => lineItem(request, { row, line, at, draft }))}</ul>
${row.line_items.length > 0 && html`<p class="lead">${row.is_price_estimated ? 'About' : 'Together'} <b>${money(row.total_cents)}</b></p>`}
${isOpen(row) && addForm(request, { row, offered, draft })}
<p><a class="button plain quiet" href="/tickets/${row.reference}">Back to the visit</a></p>`,
  };
}

function lineItem(
  request: PageRequest,
  { row, line, at, draft }: { row: OpenedVisit; line: Line; at: number; draft: Draft | undefined },
): Markup {
  const own = draft?.typed.line === line.id ? draft.typed : undefined;
  const suffix = `-${at + 1}`;
  const fields = html`${formFields(request)}<input type="hidden" name="line" value="${line.id}"><input type="hidden" name="at" value="${at + 1}">`;
  const to = `/tickets/${row.reference}/services`;
  return html`<li><p id="line${suffix}"><b>${line.description}</b> · ${line.quantity !== 1 && `${line.quantity} × `}${formatMoney(line.unit_price_cents, row.currency)}${line.quantity !== 1 && ` = ${formatMoney(line.total_cents, row.currency)}`}</p>
${
  isOpen(row) &&
  html`<details class="fold"${own && html` open`}><summary>Change or take off</summary>
<form method="post" action="${to}">${fields}
${amountFields({ suffix, quantity: own?.[`quantity${suffix}`] ?? String(line.quantity), price: own?.[`price${suffix}`] ?? plainMoney(line.unit_price_cents, row.currency) })}
<p class="buttons"><button name="step" value="change" aria-describedby="line${suffix}">Save</button> <button name="step" value="remove" class="plain quiet" aria-describedby="line${suffix}">Take off</button></p></form></details>`
}</li>\n`;
}

function addForm(
  request: PageRequest,
  { row, offered, draft }: { row: OpenedVisit; offered: readonly Offered[]; draft: Draft | undefined },
): Markup {
  const typed = draft?.typed.step === 'add' ? draft.typed : {};
  return html`<form method="post" action="/tickets/${row.reference}/services#add" class="card" id="add">${formFields(request)}
<h2>Add a service</h2>
${offered.length === 0 && html`<p class="empty">The price list is empty. <a href="/records/services/new">Add a service to it</a> first.</p>`}
${serviceSelect(offered, { id: 'service', chosen: typed.service ?? '', label: 'Service' })}
${amountFields({ suffix: '', quantity: typed.quantity ?? '', price: typed.price ?? '' })}
<button name="step" value="add">Add</button></form>`;
}

/** Adds, changes or takes off one service. */
export async function changeServices(request: PageRequest): Promise<Answer> {
  const row = await openVisitFor(request, 'ticket.add_line');
  const typed = typedTexts(request);
  try {
    const { outcome, done } = await runStep(request, row, typed);
    return { redirect: `/tickets/${row.reference}/services`, said: saidOf(outcome, done) };
  } catch (error) {
    return showServices(request, { typed, ...refusedBecause(error) });
  }
}

async function runStep(
  request: PageRequest,
  { reference: ticket_id, currency }: OpenedVisit,
  typed: Record<string, string>,
): Promise<{ outcome: Outcome; done: string }> {
  const { step, line = '', at = '' } = typed;
  if (step === 'remove') {
    const outcome = await submit(request, 'ticket.remove_line', { ticket_id, line_id: line });
    return { outcome, done: 'The service is taken off.' };
  }
  if (step === 'change') {
    const amounts = readAmounts(typed, `-${at}`, currency);
    const outcome = await submit(request, 'ticket.update_line', { ticket_id, line_id: line, ...amounts });
    return { outcome, done: 'The service is changed.' };
  }
  if (!typed.service) throw invalid('service', 'Choose a service.');
  const outcome = await submit(request, 'ticket.add_line', {
    ticket_id,
    service_id: typed.service,
    ...readAmounts(typed, '', currency),
  });
  return { outcome, done: 'The service is added.' };
}
