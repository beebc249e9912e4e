import { exportsPath } from '../exports/exports.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type PageRequest, recordOf } from '../site.ts';

/** The button with which the owner takes along all that is known of a customer, for them. */
export function exportSection(request: PageRequest, { reference }: { reference: string }): Markup | false {
  if (!mayDo(request, 'contact.export')) return false;
  return html`<details class="fold"><summary>Their data</summary>
<form method="post" action="/contacts/${reference}/export">${formFields(request)}
<p class="hint">One file with all that is written down about this customer: visits, bills, payments, messages, notes. For them to read and to keep.</p>
<button class="quiet">Export their data</button></form></details>`;
}

/** Asks for the file and shows where it appears. */
export async function exportFromForm(request: PageRequest): Promise<Answer> {
  const { warnings } = await submit(request, 'contact.export', { contact_id: recordOf(request) });
  return { redirect: exportsPath, said: { done: 'The file is being written; it appears below.', warnings } };
}
