import { z } from 'zod';
import { attributeDetails, attributeValue } from '../../core/extraction/record.ts';
import { showAttribute } from '../../core/extraction/show.ts';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { sourceOf } from '../contacts/facts.ts';
import { shorten } from '../format.ts';
import { formFields, submit, submitPart, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { saidOf } from '../undo.ts';
import { sentenceAbout } from './sentence-about.ts';

const attributeRow = z.object({
  reference: z.string(),
  contact_id: z.string(),
  key: z.string(),
  value: attributeValue,
  details: attributeDetails,
  source: z.string(),
  note_id: z.string().nullable(),
});
type Fact = z.infer<typeof attributeRow>;

const customerRow = z.looseObject({ id: z.string(), reference: z.string(), full_name: z.string() });
const noteRow = z.looseObject({ id: z.string(), content: z.string() });

const pageSize = 40;

/** What was understood and nobody has confirmed yet, by customer, to be looked through in one pass (CFL-30). */
export async function listUnconfirmed(request: PageRequest, problem?: string): Promise<Page> {
  const cursor = textOf(request.http.query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'attributes', attributeRow, {
    filter: 'unconfirmed',
    fields: Object.keys(attributeRow.shape),
    limit: pageSize,
    ...(cursor === '' ? {} : { cursor }),
  });
  const { customers, notes } = await readAround(request, rows);
  const groups = customers.map(customer => ({
    customer,
    facts: rows.filter(({ contact_id }) => contact_id === customer.id),
  }));
  return {
    title: 'Good to know: to confirm',
    status: problem === undefined ? 200 : 400,
    body: html`<h1>Good to know: to confirm</h1>
<p class="hint">Understood from notes and inquiries. Searches find it already, marked as not confirmed.</p>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
${rows.length === 0 ? html`<p class="empty">Everything is confirmed.</p>` : passForm(request, groups, notes)}
${next_cursor !== undefined && html`<p><a class="button plain quiet" rel="next" href="/facts?${new URLSearchParams({ cursor: next_cursor }).toString()}">More</a></p>`}`,
  };
}

/** Whose the facts are and what they were understood from, all of a page in one go. */
async function readAround(request: PageRequest, rows: readonly Fact[]) {
  const idsOf = (pick: (row: Fact) => string | null) => [...new Set(rows.flatMap(row => pick(row) ?? []))];
  const wanted = new Map([
    ['contact', idsOf(row => row.contact_id)],
    ['note', idsOf(row => row.note_id)],
  ]);
  const found = await request.site.app.readRows(request.caller, wanted, request.facts);
  const customers = (found.get('contact') ?? []).map(row => customerRow.parse(row));
  const notes = (found.get('note') ?? []).map(row => noteRow.parse(row));
  return {
    customers: customers.sort((a, b) => a.full_name.localeCompare(b.full_name)),
    notes: new Map(notes.map(({ id, content }) => [id, content])),
  };
}

function passForm(
  request: PageRequest,
  groups: readonly { customer: z.infer<typeof customerRow>; facts: readonly Fact[] }[],
  notes: ReadonlyMap<string, string>,
): Markup {
  const shown = groups.flatMap(({ facts }) => facts.map(({ reference }) => reference));
  return html`<form method="post" action="/facts" class="book">${formFields(request)}<input type="hidden" name="shown" value="${shown.join(' ')}"><button name="step" value="look" class="enter" tabindex="-1" aria-hidden="true">Show</button>
${groups.map(
  ({
    customer,
    facts,
  }) => html`<section class="card"><h2><a href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a></h2>
<ul class="plain rows">${facts.map(fact => factItem(fact, fact.note_id === null ? undefined : notes.get(fact.note_id)))}</ul></section>\n`,
)}
<p class="buttons"><button name="step" value="keep">The ticked are right</button> <button name="step" value="drop" class="danger stop">The ticked are wrong</button> ${shown.length > 1 && html`<button name="step" value="all" class="plain quiet">All ${shown.length} are right</button>`}</p></form>`;
}

/** A tick, the fact, the sentence it comes from, and a button for it alone. */
function factItem(fact: Fact, note: string | undefined): Markup {
  const { reference, source } = fact;
  const said = note === undefined ? undefined : sentenceAbout(note, fact);
  const one = (verb: string, label: string) =>
    html`<button class="plain quiet" formaction="/facts/${reference}/${verb}" aria-describedby="${reference}">${label}</button>`;
  return html`<li><label class="tick"><input type="checkbox" name="fact-${reference}" value="yes"> <span id="${reference}"><bdi>${showAttribute(fact).replaceAll('_', ' ')}</bdi></span></label>
<p class="hint">${said === undefined ? sourceOf(source, false) : html`“<bdi>${said}</bdi>”`}</p>
<div class="buttons">${one('confirm', 'Right')} ${one('drop', 'Wrong')}</div></li>\n`;
}

/** Keeps or drops many at once; each is there to be taken back. */
export async function decideFacts(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  const shown = (typed.shown ?? '').split(' ').filter(looksLikeReference).slice(0, pageSize);
  const ticked = typed.step === 'all' ? shown : shown.filter(one => typed[`fact-${one}`] === 'yes');
  // The return key alone decides nothing.
  if (ticked.length === 0 || !['keep', 'drop', 'all'].includes(typed.step ?? ''))
    return listUnconfirmed(request, 'Tick what you mean, and say whether it is right.');
  const count = ticked.length === 1 ? 'One fact' : `${ticked.length} facts`;
  if (typed.step !== 'drop') {
    const outcome = await submit(request, 'attribute.confirm', { attribute_ids: ticked });
    return { redirect: '/facts', said: saidOf(outcome, `${count} confirmed.`) };
  }
  if (!mayDo(request, 'attribute.delete')) throw new DeskhandError('FORBIDDEN', 'You may not drop facts.');
  const warnings: string[] = [];
  for (const attribute_id of ticked)
    warnings.push(...(await submitPart(request, 'attribute.delete', { attribute_id })).warnings);
  return { redirect: '/facts', said: { done: `${count} dropped; no note brings them again.`, warnings } };
}
