import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { momentWords, shorten } from '../format.ts';
import { formFields, submit, tick, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { saidOf } from '../undo.ts';

const seriesRow = z.object({
  reference: z.string(),
  repeats: z.string(),
  status: z.string(),
  next: z.array(z.string()),
  contact_id: z.string(),
});
type SeriesRow = z.infer<typeof seriesRow>;

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** What is done with visits that come again besides changing them: leaving out one date, and ending them (SCH-05). */
export function addSeries(page: Route, form: Route): void {
  page('/series/:ref/skip', request => showSkip(request));
  form('/series/:ref/skip', skipFromForm);
  page('/series/:ref/end', request => showEnd(request));
  form('/series/:ref/end', endFromForm);
}

async function readSeries(request: PageRequest, action: string): Promise<SeriesRow> {
  if (!mayDo(request, action)) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const { rows } = await readList(request, 'series', seriesRow, {
    id: recordOf(request),
    fields: ['reference', 'repeats', 'status', 'contact_id'],
    include: ['next'],
  });
  const [row] = rows;
  if (!row) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  return row;
}

const pathOf = ({ reference }: SeriesRow): string => `/records/series/${reference}`;

/** The form, or why there is none: what has ended stays ended. */
function formPage(
  row: SeriesRow,
  title: string,
  { draft, form }: { draft: Draft | undefined; form: Markup },
): Page {
  return {
    title,
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>${title}</h1>
<p><a class="main" href="${pathOf(row)}">${row.reference}</a> · <bdi>${shorten(row.repeats, 160)}</bdi></p>
${row.status === 'active' ? form : html`<p class="problem" role="alert">These visits have ended already.</p>`}`,
  };
}

const why = (draft: Draft | undefined): Markup => html`<label for="reason">Why</label>
<input id="reason" name="reason" maxlength="2000" autocomplete="off" data-redact value="${asTyped(draft?.typed.reason ?? '')}" aria-describedby="reason-hint">
<p class="hint" id="reason-hint">It may stay empty. The customer is not told by e-mail.</p>`;

async function showSkip(request: PageRequest, draft?: Draft): Promise<Page> {
  const row = await readSeries(request, 'series.skip');
  const { time_zone } = request.identity.organization;
  const form = html`<form method="post" action="/series/${row.reference}/skip" class="card">${formFields(request)}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<label for="on">Which date</label>
<select id="on" name="on" required>${row.next.map(at => {
    const date = at.slice(4, 14);
    return html`<option value="${date}"${date === draft?.typed.on && html` selected`}>${momentWords(at, time_zone)}</option>`;
  })}</select>
${why(draft)}
<p class="buttons"><button class="danger stop">Leave it out</button> <a class="button plain quiet" href="${pathOf(row)}">Keep it</a></p></form>`;
  return formPage(row, 'Leave out one date', { draft, form });
}

/** Leaves one date out; the page of the series shows when it comes next. */
async function skipFromForm(request: PageRequest): Promise<Answer> {
  const row = await readSeries(request, 'series.skip');
  const typed = typedTexts(request);
  try {
    const outcome = await submit(request, 'series.skip', {
      series_id: row.reference,
      on: typed.on ?? '',
      ...(typed.reason ? { reason: typed.reason } : {}),
    });
    return { redirect: pathOf(row), said: saidOf(outcome, 'This date is left out. The others stay.') };
  } catch (error) {
    return showSkip(request, { typed, ...refusedBecause(error) });
  }
}

async function showEnd(request: PageRequest, draft?: Draft): Promise<Page> {
  const row = await readSeries(request, 'series.end');
  const form = html`<form method="post" action="/series/${row.reference}/end" class="card">${formFields(request)}
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<label for="from">From when on there are no visits any more</label>
<input id="from" name="from" type="date" value="${asTyped(draft?.typed.from ?? '')}" aria-describedby="from-hint">
<p class="hint" id="from-hint">Empty: from now on. Visits from then on are cancelled, which is final.</p>
${tick(html`type="checkbox" name="changed" value="yes"`, html`Also visits that were changed by hand`, draft?.typed.changed === 'yes')}
${why(draft)}
<p class="buttons"><button class="danger stop">End these visits</button> <a class="button plain quiet" href="${pathOf(row)}">Keep them</a></p></form>`;
  return formPage(row, 'End visits that come again', { draft, form });
}

/** Ends it; what stays because somebody changed it by hand is named. */
async function endFromForm(request: PageRequest): Promise<Answer> {
  const row = await readSeries(request, 'series.end');
  const typed = typedTexts(request);
  try {
    const outcome = await submit(request, 'series.end', {
      series_id: row.reference,
      ...(typed.from ? { from: typed.from } : {}),
      ...(typed.reason ? { end_reason: typed.reason } : {}),
      ...(typed.changed === 'yes' ? { also_changed: true } : {}),
    });
    return { redirect: pathOf(row), said: saidOf(outcome, 'The visits from then on are cancelled.') };
  } catch (error) {
    return showEnd(request, { typed, ...refusedBecause(error) });
  }
}
