import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { authorOf, fieldOf, leadFormFields, typedOf, understoodBeside } from './fields.ts';
import { type Draft, isOpen, type Lead } from './row.ts';

/**
 * What was understood, each fact beside who understood it, to correct and confirm (LED-04, CFL-29). Once that is done,
 * or when nothing was understood, the same fields change facts.
 */
export function factsForm(request: PageRequest, lead: Lead, draft: Draft | undefined): Markup | undefined {
  if (!isOpen(lead)) return undefined;
  const own = draft?.form === 'facts' ? draft : undefined;
  const form = fields(request, lead, own);
  if (lead.extraction_status === 'unconfirmed') {
    return html`<section aria-labelledby="understood"><h2 id="understood">Understood, not confirmed</h2>
<p class="hint">Read from what was said by ${authorOf(lead.extracted_by)}. Correct what is wrong; empty what was not said.</p>
${form}</section>`;
  }
  return html`<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
${lead.extraction_status === 'pending' && html`<p class="hint">What was said is being read; load the page again in a moment.</p>`}
<details class="fold"${own && html` open`}><summary>Change facts</summary>${form}</details></section>`;
}

function fields(request: PageRequest, lead: Lead, own: Draft | undefined): Markup {
  const { country } = request.identity.organization;
  const current = typedOf(lead, country);
  const isUnconfirmed = lead.extraction_status === 'unconfirmed';
  const beside = (name: (typeof leadFormFields)[number]['name']) =>
    isUnconfirmed
      ? understoodBeside({
          name,
          extraction: lead.extraction,
          by: lead.extracted_by,
          typed: current,
          country,
        })
      : undefined;
  return html`<form method="post" action="/leads/${lead.reference}/facts" class="card">${formFields(request)}
${own && html`<p class="problem" role="alert">${own.problem}</p>`}
<div class="fields">${leadFormFields.map(field => fieldOf(field, own?.typed ?? current, beside(field.name)))}</div>
<button name="how" value="${isUnconfirmed ? 'confirm' : 'change'}">${isUnconfirmed ? 'Confirm' : 'Save facts'}</button>
</form>`;
}
