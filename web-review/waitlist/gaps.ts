import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { momentWords, shorten, showDuration } from '../format.ts';
import { formFields, submit, tick, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { saidOf } from '../undo.ts';

const candidateRow = z.object({
  waitlist: z.string(),
  customer: z.string(),
  local: z.string(),
  minutes: z.number(),
  why: z.string(),
  offered: z.string().optional(),
});

const gapRow = z.object({
  gap: z.string(),
  from: z.string(),
  technician_id: z.string(),
  candidates: z.array(candidateRow),
});
type GapRow = z.infer<typeof gapRow>;

/** So many free times are shown; every one of them stands there with up to five customers. */
const mostShown = 12;

/** Free times into which somebody who waits would fit, best first, and a button that offers one to some of them (SCH-07). */
export async function showGaps(request: PageRequest, problem?: string): Promise<Page> {
  const date = textOf(request.http.query, 'date');
  const { rows } = await readList(request, 'gaps', gapRow, {
    limit: mostShown,
    ...(/^\d{4}-\d{2}-\d{2}$/.test(date) ? { params: { date } } : {}),
  });
  return {
    title: 'Could come sooner',
    status: problem === undefined ? 200 : 400,
    body: html`<h1>Could come sooner</h1>
<p class="hint">Free times that customers of the <a href="/records/waitlist">waitlist</a> fit into. Offer one to several of them: whoever takes it first has it.</p>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
${rows.length === 0 && html`<p class="empty">Nobody on the waitlist fits into a free time${date !== '' && html` of that day. <a href="/gaps">All days</a>`}.</p>`}
${rows.map((row, at) => gapCard(request, row, at))}
<p class="links"><a href="/records/waitlist/new">Put somebody on the waitlist</a> <a href="/records/waitlist_offers">What was offered</a></p>`,
  };
}

function gapCard(request: PageRequest, row: GapRow, at: number): Markup {
  const mayOffer = mayDo(request, 'waitlist.offer');
  const { time_zone } = request.identity.organization;
  const free = row.candidates.filter(({ offered }) => offered === undefined);
  const asked = row.candidates.filter(({ offered }) => offered !== undefined);
  return html`<section aria-labelledby="gap-${at}"><h2 id="gap-${at}">${momentWords(row.gap, time_zone)}</h2>
<form method="post" action="/gaps/offer" class="card">${formFields(request)}
<input type="hidden" name="scheduled_at" value="${row.from}"><input type="hidden" name="technician_id" value="${row.technician_id}">
${asked.map(candidate => offeredLine(candidate, time_zone))}
${free.map((candidate, nth) => candidateLine(candidate, time_zone, mayOffer && nth === 0 && asked.length === 0))}
${mayOffer && free.length > 0 && html`<button>${asked.length === 0 ? 'Offer it' : 'Offer it to more'}</button>`}</form></section>\n`;
}

/** Whoever has an offer of it can still take it: `Mrs Hart at 10:00 AM, 2 h: offered until Tue, Dec 1, 6:00 PM`. */
const offeredLine = (
  { customer, local, minutes, offered = '' }: GapRow['candidates'][number],
  timeZone: string,
): Markup => {
  const [reference = '', until = ''] = offered.split(', until ');
  return html`<p><b><bdi>${shorten(customer, 120)}</bdi></b> at ${momentWords(local.slice(15, 20), timeZone)}, ${showDuration(minutes)}: <a href="/records/waitlist_offers/${reference}">offered</a> until ${momentWords(until, timeZone)}</p>\n`;
};

const candidateLine = (
  { waitlist, customer, local, minutes, why }: GapRow['candidates'][number],
  timeZone: string,
  isFirst: boolean,
): Markup =>
  html`${tick(html`type="checkbox" name="to-${waitlist}" value="yes"`, html`<bdi>${shorten(customer, 120)}</bdi> at ${momentWords(local.slice(15, 20), timeZone)}, ${showDuration(minutes)}`, isFirst)}
<p class="hint">${why} · <a href="/records/waitlist/${waitlist}">${waitlist}</a></p>\n`;

const told = z.object({ offers: z.array(z.object({ customer: z.string(), customer_told: z.string() })) });

/** Offers a free time to whoever is ticked; what stands in the way is said on the page. */
export async function offerFromForm(request: PageRequest): Promise<Answer> {
  const { scheduled_at = '', technician_id = '', ...typed } = typedTexts(request);
  const to = Object.keys(typed).flatMap(name => (name.startsWith('to-') ? [name.slice(3)] : []));
  if (to.length === 0) return showGaps(request, 'Tick who gets the offer.');
  try {
    const outcome = await submit(request, 'waitlist.offer', { scheduled_at, technician_id, to });
    const ways = told
      .parse(outcome.data)
      .offers.map(({ customer, customer_told }) => `${customer}: ${customer_told}`);
    return { redirect: '/gaps', said: saidOf(outcome, `Offered. ${ways.join('; ')}.`) };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.status >= 500) throw error;
    return showGaps(request, error.message);
  }
}
