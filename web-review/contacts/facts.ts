import { z } from 'zod';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { badge } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { readFact } from '../leads/fields.ts';
import { localPath } from '../session.ts';
import { type Answer, type PageRequest, recordOf } from '../site.ts';

/** A fact about a customer, as the pages show it. */
export const factRow = z.object({
  reference: z.string(),
  shown: z.string(),
  source: z.string(),
  is_confirmed: z.boolean(),
  key: z.string().optional(),
  value: z.unknown().optional(),
});
export type Fact = z.infer<typeof factRow>;

/** A text for one form of a page that was refused, and why. */
export interface Draft {
  form: 'note' | 'fact';
  text: string;
  problem: string;
}

/** What is known of a customer, and whether somebody has confirmed it (CFL-30); a form for one more fact (NOT-03). */
export function factsSection(
  request: PageRequest,
  contact: { reference: string; attributes: readonly Fact[] },
  draft: Draft | undefined,
): Markup {
  const { reference, attributes } = contact;
  const own = draft?.form === 'fact' ? draft : undefined;
  const unconfirmed = attributes.filter(fact => !fact.is_confirmed);
  const sorted = [...unconfirmed, ...attributes.filter(fact => fact.is_confirmed)];
  return html`<section aria-labelledby="facts"><h2 id="facts">Good to know</h2>
${sorted.length === 0 && html`<p class="empty">Nothing is known yet. Notes are read for facts.</p>`}
<ul class="plain rows">${sorted.map(fact => factItem(request, fact, `/contacts/${reference}`))}</ul>
${
  unconfirmed.length > 1 &&
  html`<form method="post" action="/contacts/${reference}/facts/confirm">${formFields(request)}<button class="quiet">Confirm all ${unconfirmed.length}</button></form>`
}
<details class="fold"${own && html` open`}><summary>Add a fact</summary>
<form method="post" action="/contacts/${reference}/facts">${formFields(request)}
<label for="fact">Fact</label>
<input id="fact" name="fact" required maxlength="300" autocomplete="off" data-redact aria-describedby="${own && 'fact-problem '}fact-hint"${own && html` aria-invalid="true"`} value="${asTyped(own?.text ?? '')}">
${own && html`<p class="problem" id="fact-problem">${own.problem}</p>`}
<p class="hint" id="fact-hint">Such as “pet: dog (name: Biscuit)”.</p>
<button>Save fact</button></form></details></section>`;
}

/** One fact with what can be done about it; `back` is the page it stands on. */
export function factItem(
  request: PageRequest,
  { reference, shown, source, is_confirmed }: Fact,
  back: string,
): Markup {
  const form = (verb: string, label: string) =>
    html`<form method="post" action="/facts/${reference}/${verb}">${formFields(request)}<input type="hidden" name="back" value="${back}"><button class="quiet" aria-describedby="${reference}">${label}</button></form>`;
  return html`<li><p id="${reference}"><bdi>${shown.replaceAll('_', ' ')}</bdi> ${is_confirmed ? badge('confirmed') : badge('not_confirmed')} <span class="hint">${sourceOf(source, is_confirmed)}</span></p>
<div class="buttons">${!is_confirmed && form('confirm', 'Confirm')} ${form('drop', 'Drop')}</div></li>\n`;
}

const sources: Readonly<Record<string, string>> = {
  note: 'from a note',
  ticket: 'from a visit',
  lead: 'from an inquiry',
  manual: 'set by hand',
};

/** Where a fact is from. What a person sets is confirmed with it, so one by hand that is not was set by an agent. */
export const sourceOf = (source: string, isConfirmed: boolean): string =>
  source === 'manual' && !isConfirmed ? 'from the assistant' : (sources[source] ?? '');

/** Confirms one fact, or drops it as wrong; leads back to where it was shown. */
export async function decideFact(request: PageRequest, verb: 'confirm' | 'drop'): Promise<Answer> {
  const fact = recordOf(request);
  const { warnings } =
    verb === 'confirm'
      ? await submit(request, 'attribute.confirm', { attribute_ids: [fact] })
      : await submit(request, 'attribute.delete', { attribute_id: fact });
  const done = verb === 'confirm' ? 'Confirmed.' : 'Dropped; no note brings it again.';
  return { redirect: localPath(typedTexts(request).back ?? '') ?? '/facts', said: { done, warnings } };
}

/** Confirms everything that was understood of a customer. */
export async function confirmFacts(request: PageRequest): Promise<Answer> {
  const contact_id = recordOf(request);
  const { warnings } = await submit(request, 'attribute.confirm', { contact_id });
  return { redirect: `/contacts/${contact_id}`, said: { done: 'All facts are confirmed.', warnings } };
}

/** Writes down a fact by hand. What is refused goes to `again`, with what was typed. */
export async function addFact(
  request: PageRequest,
  again: (draft: Draft) => Promise<Answer>,
): Promise<Answer> {
  const contact_id = recordOf(request);
  const { fact = '' } = typedTexts(request);
  try {
    if (fact === '') throw invalid('fact', 'Write something first.');
    const { warnings } = await submit(request, 'attribute.set', { contact_id, ...readFact(fact) });
    return { redirect: `/contacts/${contact_id}`, said: { done: 'The fact is saved.', warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'VALIDATION_ERROR') throw error;
    return again({ form: 'fact', text: fact, problem: error.message });
  }
}
