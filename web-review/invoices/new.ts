import { z } from 'zod';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import { type Answer, mayDo, type Page, type PageRequest, textOf } from '../site.ts';
import { saidOf } from '../undo.ts';
import { readTypedLine } from './lines.ts';

/** Lines of a bill that is written by hand, on one page. */
const mostLines = 5;
const lines = Array.from({ length: mostLines }, (_, line) => line);

interface Field {
  name: string;
  label: string;
  mode?: 'decimal';
  type?: 'date';
}

const customer: Field = { name: 'contact_id', label: 'Customer, by name or number' };
const company: Field = { name: 'company_id', label: 'Company that pays, if one does' };
const due: Field = { name: 'due_on', label: 'Due (else as the settings say)', type: 'date' };
const fieldsOf = (line: number): readonly Field[] => [
  { name: `description_${line}`, label: 'For what' },
  { name: `quantity_${line}`, label: 'How many', mode: 'decimal' },
  { name: `price_${line}`, label: 'Price of one', mode: 'decimal' },
];

/** `/invoices/new`: a bill for what was no visit; a visit is billed from its own page (INV-01). */
export async function showNewBill(request: PageRequest, draft?: Draft): Promise<Page> {
  if (!mayDo(request, 'invoice.create'))
    throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const typed: Record<string, string> = draft?.typed ?? {
    contact_id: textOf(request.http.query, 'customer').slice(0, 200),
    company_id: textOf(request.http.query, 'company').slice(0, 200),
  };
  const cells = (fields: readonly Field[]) => fields.map(field => cell(field, typed, draft));
  const isBeside = [customer, company, due, ...lines.flatMap(fieldsOf)].some(
    ({ name }) => name === draft?.field,
  );
  return {
    title: 'New bill',
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>New bill</h1>
<p class="hint">For what was no visit. Visits that are done and not billed are <a href="/invoices/unbilled">here</a>.</p>
${draft && !isBeside && html`<p class="problem" role="alert">${draft.problem}</p>`}
<form method="post" action="/invoices/new" class="book">${formFields(request)}
<section class="card"><div class="fields">${cells([customer, company, due])}</div></section>
${lines.map(
  line => html`<fieldset class="card"><legend>Line ${line + 1}${line > 0 && ' (optional)'}</legend>${cells(fieldsOf(line).slice(0, 1))}<div class="pair">${cells(fieldsOf(line).slice(1))}</div></fieldset>
`,
)}<p class="hint">It becomes a draft that nobody has yet; it is sent from its own page.</p>
<p class="buttons"><button>Save the draft</button></p></form>`,
  };
}

function cell(
  { name, label, mode, type }: Field,
  typed: Record<string, string>,
  draft: Draft | undefined,
): Markup {
  const problem = draft?.field === name ? draft.problem : undefined;
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" maxlength="200" autocomplete="off" data-redact${type && html` type="${type}"`}${mode && html` inputmode="${mode}"`}${problem !== undefined && html` aria-invalid="true" aria-describedby="${name}-problem"`} value="${asTyped(typed[name] ?? '')}">
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}</div>
`;
}

const made = z.object({ reference: z.string() });

/** Makes the draft and opens it; pressed twice, once. What is refused stands beside its field, with what was typed. */
export async function createBill(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  try {
    if (!typed.contact_id && !typed.company_id) throw invalid('contact_id', 'Say who the bill is for.');
    const meant = lines.filter(line => fieldsOf(line).some(({ name }) => typed[name]));
    if (meant.length === 0) throw invalid('description_0', 'Say what the bill is for.');
    const outcome = await submit(request, 'invoice.create', {
      ...(typed.contact_id && { contact_id: typed.contact_id }),
      ...(typed.company_id && { company_id: typed.company_id }),
      lines: meant.map(line =>
        readTypedLine(typed, request.identity.organization.currency, name => `${name}_${line}`),
      ),
      ...(typed.due_on && { due_on: typed.due_on }),
    });
    const { reference } = made.parse(outcome.data);
    return {
      redirect: `/invoices/${reference}`,
      said: saidOf(outcome, `${reference} is a draft; nobody has it yet.`),
    };
  } catch (error) {
    return showNewBill(request, { typed, ...refusedBecause(error) });
  }
}
