import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { takenWords } from '../../core/reading/taken-words.ts';
import { shorten, timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import {
  type Answer,
  mayDo,
  mayRead,
  type Page,
  type PageRequest,
  readList,
  recordOf,
  textOf,
} from '../site.ts';

const unbilledRow = z.object({
  reference: z.string(),
  customer: z.string(),
  closed_at: z.string(),
  closed_by: z.string().nullable(),
  total_cents: z.number(),
  currency: z.string(),
  payment_method: z.string().nullable(),
  payment_reason: z.string().nullable(),
  payment_cents: z.number().nullable(),
  check_number: z.string().nullable(),
  taken_by: z.string().nullable(),
  payment_at: z.string().nullable(),
  payment_checked_at: z.string().nullable(),
  left_cents: z.number(),
  invoice: z.string().nullable(),
});
type Unbilled = z.infer<typeof unbilledRow>;

/** What was done and is not billed, the latest first, with what was paid at the door (CLO-09, GAP-32). */
export async function listUnbilled(request: PageRequest): Promise<Page> {
  const cursor = textOf(request.http.query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'unbilled_visits', unbilledRow, {
    fields: Object.keys(unbilledRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  return {
    title: 'Closed, not billed',
    body: html`<h1>Closed, not billed</h1>
<p class="hint">Visits that are done and have no invoice. What a technician took at the door waits here for your check, and what is left of the price for its invoice.</p>
${rows.length === 0 && html`<p class="empty">Every closed visit is billed or paid.</p>`}
<ul class="plain rows">${rows.map(row => unbilledItem(request, row))}</ul>
${next_cursor && html`<p><a class="button" rel="next" href="/invoices/unbilled?cursor=${next_cursor}">More</a></p>`}`,
  };
}

const fewUnbilled = 4;

/** The latest few for the page of the day; nothing when there are none, or for who does not bill. */
export async function unbilledFew(request: PageRequest): Promise<Markup | false> {
  if (!mayRead(request, 'unbilled_visits') || !mayDo(request, 'invoice.create_from_ticket')) return false;
  const { rows } = await readList(request, 'unbilled_visits', unbilledRow, {
    fields: Object.keys(unbilledRow.shape),
    limit: fewUnbilled + 1,
  });
  return (
    rows.length > 0 &&
    html`<section aria-labelledby="unbilled"><h2 id="unbilled"><a class="main" href="/invoices/unbilled">Closed, not billed</a></h2>
<ul class="list">${rows.slice(0, fewUnbilled).map(row => unbilledItem(request, row))}</ul>
${rows.length > fewUnbilled && html`<p class="links"><a href="/invoices/unbilled">All of them</a></p>`}</section>`
  );
}

function unbilledItem(request: PageRequest, row: Unbilled): Markup {
  const { reference, customer, closed_at, closed_by, total_cents, currency } = row;
  return html`<li>
  <p><a class="main" href="/tickets/${reference}"><bdi>${shorten(customer, 120)}</bdi></a> <code>${reference}</code> · ${formatMoney(total_cents, currency)}</p>
  <p class="when">Closed ${timeTag(closed_at, request.identity.organization.time_zone)}${closed_by !== null && html` by <bdi>${closed_by}</bdi>`}</p>
  ${doorLine(request, currency, row)}
  <div class="buttons">${row.invoice === null ? billForm(request, reference) : html`<a class="button quiet" href="/invoices/${row.invoice}">Invoice ${row.invoice}</a>`}${isUnchecked(row) && checkForm(request, reference)}</div>
</li>\n`;
}

/** What was said at the door; the money in it waits for somebody to check it. */
interface AtDoor
  extends Pick<
    Unbilled,
    | 'payment_method'
    | 'payment_reason'
    | 'payment_cents'
    | 'check_number'
    | 'payment_at'
    | 'payment_checked_at'
    | 'left_cents'
  > {
  taken_by?: string | null;
}

const isUnchecked = (door: Pick<AtDoor, 'payment_cents' | 'payment_checked_at'>): boolean =>
  door.payment_cents !== null && door.payment_checked_at === null;

function doorLine(request: PageRequest, currency: string, door: AtDoor): Markup | false {
  const { payment_reason, payment_cents, payment_at, payment_checked_at, left_cents, taken_by } = door;
  if (payment_cents === null) {
    return payment_reason !== null && html`<p>Said at the door: ${shorten(payment_reason, 200)}</p>`;
  }
  const when =
    payment_at !== null && html` on ${timeTag(payment_at, request.identity.organization.time_zone)}`;
  const left = left_cents > 0 && html`; ${formatMoney(left_cents, currency)} left`;
  if (payment_checked_at !== null) {
    return html`<p><b>${takenWords(currency, door)}</b>, checked${left}</p>`;
  }
  const taken = html`<b>${takenWords(currency, door)}</b>${when}. Nobody has checked it yet${left}.`;
  return taken_by
    ? html`<p><bdi>${taken_by}</bdi> took ${taken}</p>`
    : html`<p>Taken at the door: ${taken}</p>`;
}

export const billForm = (request: PageRequest, reference: string): Markup =>
  html`<form method="post" action="/tickets/${reference}/invoice">${formFields(request)}<button>Bill</button></form>`;

const checkForm = (request: PageRequest, reference: string): Markup =>
  html`<form method="post" action="/tickets/${reference}/payment-checked">${formFields(request)}<button class="quiet">The money is here</button></form>`;

const doorRow = z.object({
  completed_at: z.string().nullable(),
  total_cents: z.number().nullable(),
  payment_method: z.string().nullable(),
  payment_reason: z.string().nullable(),
  payment_cents: z.number().nullable(),
  check_number: z.string().nullable(),
  payment_at: z.string().nullable(),
  payment_checked_at: z.string().nullable(),
});

/**
 * For the page of a closed visit: what was paid at the door, whether it is checked, and what is left of the price; the
 * button that bills where something is owed and there is no bill. Of a visit with a bill only what waits for the check.
 */
export async function unbilledLine(
  request: PageRequest,
  ticket_id: string,
  isBilled: boolean,
): Promise<Markup> {
  if (!mayDo(request, 'invoice.create_from_ticket') || !mayDo(request, 'closeout.check_payment'))
    return html``;
  const { rows } = await readList(request, 'closeout_sessions', doorRow, {
    params: { ticket_id },
    fields: Object.keys(doorRow.shape),
  });
  const { currency } = request.identity.organization;
  const door = rows.find(row => row.completed_at !== null);
  const isWaiting = door !== undefined && isUnchecked(door);
  const left_cents = Math.max((door?.total_cents ?? 0) - (door?.payment_cents ?? 0), 0);
  const isOwed = !isBilled && (!door?.payment_checked_at || left_cents > 0);
  return html`${door && (isWaiting || !isBilled) && doorLine(request, currency, { ...door, left_cents })}
<div class="buttons">${isOwed && billForm(request, ticket_id)}${isWaiting && checkForm(request, ticket_id)}</div>`;
}

/** The money that was taken at the door is there; the visit leaves the list unless something is left to be paid. */
export async function checkPayment(request: PageRequest): Promise<Answer> {
  const ticket_id = recordOf(request);
  const { data, warnings } = await submit(request, 'closeout.check_payment', { ticket_id });
  const taken = checked.parse(data);
  const done = `${takenWords(request.identity.organization.currency, taken)} for ${ticket_id} is checked.`;
  return { redirect: '/invoices/unbilled', said: { done, warnings } };
}

const checked = z.object({
  payment_method: z.string(),
  payment_cents: z.number(),
  check_number: z.string().nullable(),
});
