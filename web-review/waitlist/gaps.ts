import { z } from 'zod';
import { shorten, showDuration } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';

const candidateRow = z.object({
  waitlist: z.string(),
  customer: z.string(),
  local: z.string(),
  minutes: z.number(),
  instead_of: z.string().nullable(),
  why: z.string(),
});

const gapRow = z.object({
  gap: z.string(),
  from: z.string(),
  technician: z.string(),
  technician_id: z.string(),
  candidates: z.array(candidateRow),
});
type GapRow = z.infer<typeof gapRow>;

/** Free times into which somebody who waits would fit, best first, and a button that offers one to some of them (SCH-07). */
export async function showGaps(visit: PageRequest): Promise<Page> {
  const date = textOf(visit.request.query, 'date').slice(0, 10);
  const { rows, warnings } = await readList(visit, 'gaps', gapRow, {
    limit: 30,
    ...(/^\d{4}-\d{2}-\d{2}$/.test(date) ? { params: { date } } : {}),
  });
  return {
    title: 'Who could come sooner',
    body: html`<h1>Who could come sooner</h1>
<p class="hint">Free times of the next two weeks that customers of the <a href="/records/waitlist">waitlist</a> fit into. Offer one to several: whoever takes it first has it.</p>
${rows.length === 0 && html`<p class="empty">${warnings[0] === undefined ? 'Nobody on the waitlist fits into a free time.' : 'Nobody is on the waitlist.'}</p>`}
${rows.map(row => gapCard(visit, row))}`,
  };
}

function gapCard(visit: PageRequest, row: GapRow): Markup {
  const heading = `gap-${Date.parse(row.from)}-${row.technician_id}`;
  const isOffered = mayDo(visit, 'waitlist.offer');
  return html`<section aria-labelledby="${heading}"><h2 id="${heading}">${row.gap}</h2>
<form method="post" action="/gaps/offer" class="card">${formFields(visit)}
<input type="hidden" name="scheduled_at" value="${row.from}"><input type="hidden" name="technician_id" value="${row.technician_id}">
${row.candidates.map((candidate, at) => candidateLine(candidate, isOffered && at === 0))}
${isOffered && html`<button>Offer it</button>`}</form></section>\n`;
}

const candidateLine = (candidate: GapRow['candidates'][number], isFirst: boolean): Markup =>
  html`<p><label class="tick"><input type="checkbox" name="to" value="${candidate.waitlist}"${isFirst && html` checked`}> <bdi>${shorten(candidate.customer, 120)}</bdi> at ${candidate.local.slice(15, 20)}, ${showDuration(candidate.minutes)}</label><br>
<span class="hint">${candidate.why}</span> <a href="/records/waitlist/${candidate.waitlist}">${candidate.waitlist}</a></p>\n`;

const told = z.object({ offers: z.array(z.object({ customer_told: z.string() })) });

/** Offers a free time to whoever is ticked. */
export async function offerGap(visit: PageRequest): Promise<Answer> {
  const { body } = visit.request;
  const to = body.to === undefined ? [] : [body.to].flat();
  if (to.length === 0) return { redirect: '/gaps', said: { problem: 'Tick who gets the offer.' } };
  const { data, warnings } = await submit(visit, 'waitlist.offer', {
    scheduled_at: textOf(body, 'scheduled_at'),
    technician_id: textOf(body, 'technician_id'),
    to,
  });
  const ways = told.parse(data).offers.map(({ customer_told }) => customer_told);
  return { redirect: '/gaps', said: { done: `Offered: ${ways.join('; ')}.`, warnings } };
}
