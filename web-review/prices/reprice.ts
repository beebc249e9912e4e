import { z } from 'zod';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { attempt, type Refusal } from '../attempt.ts';
import { showDay } from '../format.ts';
import { formFields, submit, tick } from '../forms.ts';
import { type Content, html, type Markup } from '../html.ts';
import { recordCalled } from '../records/kind.ts';
import { readNames } from '../records/names.ts';
import { type Answer, mayDo, type PageRequest, readList } from '../site.ts';
import { readService, type Service } from './prices.ts';

const repriced = z.object({
  reference: z.string(),
  was_total_cents: z.number(),
  total_cents: z.number(),
});
type Repriced = z.infer<typeof repriced>;

const shown = z.object({ result: z.object({ repriced: z.array(repriced).default([]) }) });

/** Asked for at once, at most. */
const most = 100;

/** The open visits that stand at an earlier price of the list, and what they would come to: found by trying, which stays no change. */
async function listDue(request: PageRequest, { id, price_cents }: Service): Promise<Repriced[]> {
  if (price_cents === null || !mayDo(request, 'service.update')) return [];
  const { site, caller, facts } = request;
  const call = {
    action: 'service.update',
    data: { service_id: id, reprice_open_visits: true },
    preview: true,
  };
  try {
    return shown.parse((await site.app.execute(caller, call, facts)).data).result.repriced;
  } catch (error) {
    // Somebody is at one of these visits this moment: the page says the rest, and this the next time.
    if (error instanceof DeskhandError && error.status !== 500) return [];
    throw error;
  }
}

const ticketRow = z.object({ reference: z.string(), scheduled_at: z.string(), contact_id: z.string() });

/** What visits to come are called: the customer and the day. One beyond the first hundred goes by its number. */
async function readTitles(request: PageRequest): Promise<(reference: string) => Content> {
  const query = { fields: Object.keys(ticketRow.shape), sort: 'scheduled_at', limit: 100 };
  const { rows } = await readList(request, 'tickets', ticketRow, {
    ...query,
    params: { status: 'scheduled' },
  });
  const names = await readNames(request, [{ record: recordCalled(request, 'ticket'), rows }]);
  const { time_zone } = request.identity.organization;
  const known = new Map(rows.map(row => [row.reference, row]));
  return reference => {
    const row = known.get(reference);
    if (!row) return reference;
    return html`<bdi>${names.text('contact', row.contact_id) ?? reference}</bdi>, ${showDay(row.scheduled_at, time_zone)}`;
  };
}

/** Offers the present price to the open visits that have an earlier one, each with what it is and what it would be. */
export async function repriceForm(request: PageRequest, service: Service): Promise<Markup | false> {
  const due = await listDue(request, service);
  if (due.length === 0) return false;
  const { reference, currency } = service;
  const few = due.slice(0, most);
  const title = await readTitles(request);
  const count = `${due.length} open visit${due.length === 1 ? ' has' : 's have'}`;
  return html`<section aria-labelledby="earlier"><h2 id="earlier">Booked at an earlier price</h2>
<form method="post" action="/prices/${reference}/reprice" class="card narrow">${formFields(request)}
<p>${count} an earlier price of the list, and ${due.length === 1 ? 'keeps' : 'keep'} it unless you say otherwise. Prices agreed on with a customer are not among them.</p>
${few.map(one => tick(html`type="checkbox" name="visit_${one.reference}" value="yes"`, html`<a href="/tickets/${one.reference}">${title(one.reference)}</a>: ${formatMoney(one.was_total_cents, currency)} → ${formatMoney(one.total_cents, currency)} in all`, true))}
${due.length > most && html`<p class="hint">${due.length - most} more come next.</p>`}
<button>Give them the new price</button></form></section>`;
}

/** Gives the ticked visits the present price. */
export function reprice(
  request: PageRequest,
  again: (request: PageRequest, refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return attempt(
    request,
    'service.update',
    async typed => {
      const { id, reference } = await readService(request);
      const redirect = `/prices/${reference}`;
      const reprice_visits = Object.keys(typed)
        .filter(name => name.startsWith('visit_'))
        .map(name => name.slice('visit_'.length))
        .filter(looksLikeReference);
      if (reprice_visits.length === 0)
        return { redirect, said: { done: 'No visit was chosen; all keep their price.', warnings: [] } };
      const { data, warnings } = await submit(request, 'service.update', { service_id: id, reprice_visits });
      const count = Array.isArray(data.repriced) ? data.repriced.length : 0;
      const done = `${count} visit${count === 1 ? ' has' : 's have'} the new price.`;
      return { redirect, said: { done, warnings } };
    },
    refusal => again(request, refusal),
  );
}
