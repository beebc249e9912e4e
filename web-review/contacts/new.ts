import { z } from 'zod';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { formFields, submitPart, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import { type Answer, mayDo, type Page, type PageRequest, textOf } from '../site.ts';
import { saidOf } from '../undo.ts';

interface Field {
  name: string;
  label: string;
  mode?: 'tel' | 'email';
}

const person: readonly Field[] = [
  { name: 'full_name', label: 'Name (needed)' },
  { name: 'phone', label: 'Phone', mode: 'tel' },
  { name: 'email', label: 'E-mail', mode: 'email' },
];
const place: readonly Field[] = [
  { name: 'line1', label: 'Street' },
  { name: 'line2', label: 'Apartment or suite' },
  { name: 'city', label: 'Town' },
  { name: 'state', label: 'State' },
  { name: 'postal_code', label: 'ZIP code' },
];

/** What one writes down of a new customer on the telephone; everything else can be said on their page. */
export async function showNewContact(request: PageRequest, draft?: Draft): Promise<Page> {
  if (!mayDo(request, 'contact.create'))
    throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const typed: Record<string, string> = draft?.typed ?? {
    full_name: textOf(request.http.query, 'name').slice(0, 200),
  };
  const cells = (fields: readonly Field[]) => fields.map(field => cell(field, typed, draft));
  const isBeside = [...person, ...place].some(({ name }) => name === draft?.field);
  return {
    title: 'New customer',
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>New customer</h1>
${draft && !isBeside && html`<p class="problem" role="alert">${draft.problem}</p>`}
<form method="post" action="/contacts/new" class="book">${formFields(request)}
<section class="card"><div class="fields">${cells(person)}</div></section>
<section class="card" aria-labelledby="place"><h2 id="place">Address</h2><div class="fields">${cells(place)}</div></section>
<section class="card"><label for="notes">Good to know</label>
<textarea id="notes" name="notes" rows="3" maxlength="20000" dir="auto" data-redact>
${asTyped(typed.notes ?? '')}</textarea></section>
<p class="buttons"><button name="next" value="page">Save</button> <button name="next" value="book" class="plain quiet">Save and book a visit</button> <a class="button plain quiet" href="/records/contacts/new">All fields</a></p></form>`,
  };
}

function cell({ name, label, mode }: Field, typed: Record<string, string>, draft: Draft | undefined): Markup {
  const problem = draft?.field === name ? draft.problem : undefined;
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" maxlength="254" autocomplete="off" data-redact${mode && html` inputmode="${mode}"`}${problem !== undefined && html` aria-invalid="true" aria-describedby="${name}-problem"`} value="${asTyped(typed[name] ?? '')}">
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}</div>\n`;
}

const made = z.object({ reference: z.string() });

/** Adds the customer, with the address; pressed twice, once. */
export async function createContact(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  const given = (fields: readonly Field[]) =>
    Object.fromEntries(fields.flatMap(({ name }) => (typed[name] ? [[name, typed[name]]] : [])));
  try {
    if (!typed.full_name) throw invalid('full_name', 'A customer needs a name.');
    const address = given(place);
    if (Object.keys(address).length > 0 && !typed.line1) throw invalid('line1', 'Write the street.');
    const notes = typed.notes ? { notes: typed.notes } : {};
    const outcome = await submitPart(request, 'contact.create', { ...given(person), ...notes });
    const { reference } = made.parse(outcome.data);
    if (typed.line1) await submitPart(request, 'address.create', { contact_id: reference, ...address });
    return {
      redirect: typed.next === 'book' ? `/book?contact=${reference}` : `/contacts/${reference}`,
      said: saidOf(outcome, `${typed.full_name} is added.`),
    };
  } catch (error) {
    return showNewContact(request, { typed, ...refusedBecause(error) });
  }
}
