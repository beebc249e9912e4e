import { z } from 'zod';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html } from '../html.ts';
import type { Answer, Page, PageRequest } from '../site.ts';
import { fieldOf, leadFormFields, readFields, type Typed } from './fields.ts';

/** What is asked first; the rest is understood from the notes, or folded away. */
const first: readonly string[] = ['full_name', 'phone', 'email'];

interface Draft {
  typed: Record<string, string>;
  problem: string;
  status: number;
}

/** The page for somebody on the telephone (LED-18): what is said comes first and is enough (LED-02). */
export async function showNewInquiry(request: PageRequest, draft?: Draft): Promise<Page> {
  const typed: Typed = { source: 'phone_call', ...draft?.typed };
  const isFirst = ({ name }: { name: string }) => first.includes(name);
  return {
    title: 'New inquiry',
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>New inquiry</h1>
<form method="post" action="/leads/new">${formFields(request)}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<label for="raw_notes">What is said</label>
<textarea id="raw_notes" name="raw_notes" rows="7" maxlength="20000" dir="auto" data-redact autofocus aria-describedby="keep">
${asTyped(draft?.typed.raw_notes ?? '')}</textarea>
<p class="hint" id="keep">Facts are understood from this; you confirm them on the next page. Card and social security numbers are removed.</p>
<div class="fields">${leadFormFields.filter(isFirst).map(field => fieldOf(field, typed))}</div>
<details class="fold"><summary>More about it</summary>
<div class="fields">${leadFormFields.filter(field => !isFirst(field)).map(field => fieldOf(field, typed))}</div></details>
<button>Save inquiry</button>
</form>`,
  };
}

const created = z.object({
  reference: z.string(),
  contact_id: z.string().nullable(),
  extraction_status: z.string(),
});

/** Takes the inquiry in and leads to its page, which says who it may be already and what was understood. */
export async function createInquiry(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  try {
    const { fields } = readFields(typed);
    const { source, ...facts } = fields;
    if (!typed.raw_notes && Object.keys(facts).length === 0)
      throw invalid('raw_notes', 'Write something first.');
    const notes = typed.raw_notes ? { raw_notes: typed.raw_notes } : {};
    const { data, warnings } = await submit(request, 'lead.create', { ...notes, ...facts, source });
    const lead = created.parse(data);
    const done = `${lead.reference} is saved.${lead.contact_id === null ? '' : ' This is a customer we know.'}`;
    return { redirect: `/leads/${lead.reference}`, said: { done, warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'VALIDATION_ERROR') throw error;
    const { message, status } = error;
    return showNewInquiry(request, { typed, problem: message, status });
  }
}
