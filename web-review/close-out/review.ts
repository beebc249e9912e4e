import { prose, showDuration } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf, type Closeout, money, nextWords, type StepName } from './closeout.ts';
import { factFields, moreField, readFacts } from './facts.ts';
import { heading, type Place, type Shown, stepForm } from './step.ts';
import type { Typed } from './typed.ts';

/** The fourth step (CLO-07): what will be frozen, what was understood of the notes, and the button that ends it (CLO-08). */
export function reviewPage(request: PageRequest, place: Place, closeout: Closeout, shown: Shown): Markup {
  return html`${heading('review', shown)}
${frozen(request, closeout)}
${stepForm(
  place,
  'review',
  shown,
  html`<input type="hidden" name="review" value="${closeout.review ?? ''}">
<section aria-labelledby="found"><h2 id="found">Facts for next time</h2>
${whoRead(closeout)}
${factFields(closeout, shown)}</section>
${ending(place)}`,
)}`;
}

const ending = ({
  reference,
}: Place): Markup => html`<p id="final"><b>This is final:</b> ${reference} cannot be changed afterwards.</p>
<button class="go" aria-describedby="final">Complete visit</button>`;

function frozen(request: PageRequest, closeout: Closeout): Markup {
  const { work, notes } = closeout;
  return html`<section aria-labelledby="frozen"><h2 id="frozen" class="unseen">What will be written down</h2>
<dl class="facts frozen">
${fact(closeout, 'work', 'What was done', html`<p>${showDuration(work.duration_minutes)}</p>${lines(closeout)}`)}
${fact(closeout, 'notes', 'Notes', notes ? prose(notes) : html`Nothing to note`)}
${fact(closeout, 'next', 'What comes next', html`${nextWords(closeout, request.identity.organization.time_zone) ?? 'Not said yet'}`)}
</dl></section>`;
}

const fact = ({ reference }: Closeout, step: StepName, name: string, value: Markup): Markup =>
  html`<div><dt>${name} <a href="${addressOf(reference, step)}">Change<span class="unseen"> ${name.toLowerCase()}</span></a></dt><dd>${value}</dd></div>`;

function lines(closeout: Closeout): Markup {
  const { work } = closeout;
  return html`<table class="lines"><tbody>${work.lines.map(
    ({ description, quantity, unit_price_cents, total_cents }) =>
      html`<tr><td>${description}${quantity !== 1 && html` <small>${quantity} × ${money(closeout, unit_price_cents)}</small>`}</td><td class="number">${money(closeout, total_cents)}</td></tr>\n`,
  )}</tbody>
<tfoot><tr><th scope="row">Total</th><td class="number">${money(closeout, work.total_cents)}</td></tr></tfoot></table>`;
}

/** Who looked for facts, and how that went (CFL-32): an outage is never silence. */
function whoRead({ reference, extraction_status, extracted_by, attributes }: Closeout): Markup {
  const found = attributes.length > 0;
  const again = (label: string) =>
    html`<button class="quiet" formaction="${addressOf(reference, 'look-again')}" formnovalidate>${label}</button>`;
  if (extraction_status === 'none')
    return html`<p class="hint">There are no notes, so nothing was looked for in them.</p>`;
  if (extraction_status === 'failed') {
    return html`<div class="said warning" role="alert"><p><b>The language model could not be reached.</b> ${found ? 'Simple rules found these facts instead' : 'Simple rules found no facts'}; it will read the notes later, for the office to confirm. You can go on without it.</p>
${again('Try again')}</div>`;
  }
  if (extraction_status === 'pending') {
    return html`<div class="said warning"><p>The language model has not answered yet; simple rules ${found ? 'found these facts' : 'found no facts'}. You need not wait: it will read the notes later, for the office to confirm.</p>
${again('Look again')}</div>`;
  }
  const by =
    extracted_by === 'llm' ? 'by the language model' : 'by simple rules: no language model is set up';
  return html`<p class="hint">${found ? html`Found in the notes ${by}.` : html`The notes were read ${by}. No facts were found.`}</p>`;
}

/** The review of a phone without signal: what was typed, and that nobody has read the notes yet. */
export function offlineReview(place: Place, summary: Markup, seen: Markup): Markup {
  const shown = { typed: {}, warnings: [] };
  return html`${heading('review', shown)}
<p class="said warning" role="status">There is no signal. What you write is kept on this phone and sent as soon as there is one.</p>
${summary}
${stepForm(
  place,
  'review',
  shown,
  html`${seen}<section aria-labelledby="found"><h2 id="found">Facts for next time</h2>
<p class="hint">Nothing could be read from your notes yet. That is done later, for the office to confirm.</p>
${moreField('', shown)}</section>
${ending(place)}`,
)}`;
}

/** What was reviewed, as `closeout.complete` takes it. Throws VALIDATION_ERROR. */
export function readReview(typed: Typed, closeout: Closeout): Record<string, unknown> {
  const { offline_minutes, offline_total_cents, review } = typed;
  const attributes = readFacts(typed, closeout);
  if (offline_minutes === undefined) return { attributes, ...(review ? { review } : {}) };
  return {
    attributes,
    offline: { duration_minutes: Number(offline_minutes), total_cents: Number(offline_total_cents) },
  };
}
