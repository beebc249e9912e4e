import { invalid } from '../../core/kernel/words/errors.ts';
import { formatMoney, plainMoney } from '../../core/kernel/words/money.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import { readAmount } from './amount.ts';
import type { Draft } from './forms.ts';
import type { Invoice } from './invoice.ts';

type Line = Invoice['line_items'][number];

/** What is billed and what it comes to; on a draft every line can be changed or taken off, and another one added (INV-20). */
export function linesSection(request: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup {
  const { line_items, tax_cents, discount_cents, total_cents, paid_cents, balance, currency } = invoice;
  const money = (cents: number) => formatMoney(cents, currency);
  const sum = (name: string, cents: number) =>
    html`<tr><th scope="row" colspan="2">${name}</th><td class="number">${money(cents)}</td></tr>\n`;
  return html`<section aria-labelledby="lines"><h2 id="lines">Services</h2>
<table class="lines">
<thead><tr><th scope="col">Service</th><th scope="col" class="number">Price</th><th scope="col" class="number">Total</th></tr></thead>
<tbody>${line_items.map(
    line =>
      html`<tr><td>${line.description}${line.tax_rate > 0 && html` <small>+ ${line.tax_rate} % tax</small>`}</td><td class="number">${line.quantity !== 1 && html`${line.quantity} × `}${money(line.unit_price_cents)}</td><td class="number">${money(line.subtotal_cents)}</td></tr>\n`,
  )}</tbody>
<tfoot>${tax_cents > 0 && sum('Tax', tax_cents)}${discount_cents > 0 && sum('Discount', -discount_cents)}${sum('Total', total_cents)}${paid_cents > 0 && html`${sum('Paid', paid_cents)}${sum('Still due', balance.due_cents)}`}</tfoot>
</table>
${isEdited(request, invoice.status) && editor(request, invoice, draft)}</section>`;
}

/** Forms that stand at the lines, and show there what was refused. */
const lineForms = ['add-line', 'change-line', 'remove-line'];

/** Whether what was refused is said at the lines, because the form it came from still stands there. */
export const isSaidAtLines = (request: PageRequest, { status }: Invoice, { form }: Draft): boolean =>
  lineForms.includes(form) && isEdited(request, status);

const isEdited = (request: PageRequest, status: Invoice['status']): boolean =>
  status === 'draft' && mayDo(request, 'invoice.update_line');

function editor(request: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup {
  return html`${invoice.line_items.map(line => changeForm(request, invoice, line, draft))}
${lineForm(request, invoice, {
  verb: 'add-line',
  title: 'Add a line',
  refused: draft?.form === 'add-line' ? draft : undefined,
  button: 'Add',
})}`;
}

function changeForm(request: PageRequest, invoice: Invoice, line: Line, draft: Draft | undefined): Markup {
  const now = {
    description: line.description,
    quantity: String(line.quantity),
    price: plainMoney(line.unit_price_cents, invoice.currency),
    tax: String(line.tax_rate),
  };
  const isOwn = draft && draft.form !== 'add-line' && draft.typed.line === String(line.position);
  return lineForm(request, invoice, {
    verb: 'change-line',
    title: `Change “${line.description}”`,
    line: line.position,
    refused: isOwn ? draft : undefined,
    now,
    button: 'Save line',
  });
}

interface LineForm {
  verb: 'add-line' | 'change-line';
  title: string;
  line?: number;
  now?: Readonly<Record<string, string>>;
  /** What was typed here and refused, and why. */
  refused: Draft | undefined;
  button: string;
}

function lineForm(request: PageRequest, invoice: Invoice, spec: LineForm): Markup {
  const { verb, title, line, now = {}, refused, button } = spec;
  const own = line === undefined ? 'new' : `line-${line}`;
  const cell = (name: string, label: string, more: Markup = html``) =>
    html`<div><label for="${own}-${name}">${label}</label>
<input id="${own}-${name}" name="${name}" maxlength="200" autocomplete="off"${more} value="${asTyped(refused?.typed[name] ?? now[name] ?? '')}"></div>
`;
  const decimal = html` inputmode="decimal"`;
  return html`<details class="fold"${refused && html` open`}><summary>${title}</summary>
${refused && html`<p class="problem" role="alert">${refused.problem}</p>`}
<form method="post" action="/invoices/${invoice.reference}/${verb}">${formFields(request)}
${line !== undefined && html`<input type="hidden" name="line" value="${line}">`}<div class="fields">
${cell('description', 'For what', html` data-redact required`)}${cell('quantity', 'How many', decimal)}${cell('price', 'Price of one', html`${decimal} required`)}${cell('tax', 'Tax in percent', decimal)}</div>
<p class="buttons"><button>${button}</button></p></form>
${line !== undefined && html`<form method="post" action="/invoices/${invoice.reference}/remove-line">${formFields(request)}<input type="hidden" name="line" value="${line}"><button class="plain">Take it off</button></form>`}</details>
`;
}

/** A line as somebody typed it, its fields called as `named` says. Throws VALIDATION_ERROR about one of them. */
export function readTypedLine(
  texts: Readonly<Record<string, string>>,
  currency: string,
  named: (name: string) => string = name => name,
): Record<string, unknown> {
  const typed = (name: string) => texts[named(name)] ?? '';
  const decimal = (name: string, places: number, how: string) => {
    const text = typed(name);
    if (new RegExp(`^\\d{1,6}(?:\\.\\d{1,${places}})?$`).test(text)) return Number(text);
    throw invalid(named(name), how, { got: text });
  };
  if (typed('description') === '') throw invalid(named('description'), 'Say what this line is for.');
  return {
    description: typed('description'),
    ...(typed('quantity') !== '' && { quantity: decimal('quantity', 3, 'Write how many like 2 or 1.5.') }),
    unit_price_cents: readAmount(named('price'), typed('price'), currency),
    ...(typed('tax') !== '' && { tax_rate: decimal('tax', 4, 'Write a percentage like 8 or 8.25.') }),
  };
}
