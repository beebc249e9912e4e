import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { badge, phoneLink, shorten, showClock, showDuration } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Current, currentOf } from '../quick-action.ts';
import { mayDo, mayRead, type PageRequest, readList, textOf } from '../site.ts';
import { clockForm, closeOutLink, elsewhere, hasBegun, sinceTag } from '../tickets/clock.ts';
import { calendarHref } from './navigation.ts';
import { nobodyYet } from './nobody-yet.ts';

const visitRow = z.object({
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  total_cents: z.number(),
  is_price_estimated: z.boolean(),
  contact_id: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
  technician_ids: z.array(z.string()).nullable(),
});
type VisitRow = z.infer<typeof visitRow>;

/** The visits of a day as the page shows them. */
export interface DayPlan {
  date: Temporal.PlainDate;
  isToday: boolean;
  rows: VisitRow[];
  /** Where the visits after the shown ones are, and how many. */
  later?: { cursor: string; count: string };
  /** The visit of whoever looks at the page; today only. */
  current?: Current;
}

const perPage = 50;
const mostCounted = 500;

/** Reads a day, from the visit on that the address names as the first. */
export async function readDayPlan(
  request: PageRequest,
  date: Temporal.PlainDate,
  isToday: boolean,
): Promise<DayPlan> {
  const from = /^\d{1,6}$/.exec(textOf(request.http.query, 'cursor'))?.[0];
  const params = { date: date.toString() };
  const [{ rows, next_cursor }, current] = await Promise.all([
    readList(request, 'calendar', visitRow, {
      params,
      fields: Object.keys(visitRow.shape),
      limit: perPage,
      ...(from === undefined ? {} : { cursor: from }),
    }),
    isToday ? currentOf(request) : undefined,
  ]);
  const later = next_cursor && { cursor: next_cursor, count: await countFrom(request, params, next_cursor) };
  return { date, isToday, rows, ...(later ? { later } : {}), ...(current ? { current } : {}) };
}

const anyRow = z.object({ id: z.string() });

async function countFrom(
  request: PageRequest,
  params: Record<string, string>,
  from: string,
): Promise<string> {
  let count = 0;
  let cursor: string | undefined = from;
  while (cursor !== undefined && count < mostCounted) {
    const page: { rows: unknown[]; next_cursor?: string } = await readList(request, 'calendar', anyRow, {
      params,
      fields: ['id'],
      limit: 100,
      cursor,
    });
    count += page.rows.length;
    cursor = page.next_cursor;
  }
  return `${count}${cursor === undefined ? '' : '+'}`;
}

/** The day, by time; one's own visits with the clock and the way to close them out (TKT-07, CLO-03). */
export function dayList(request: PageRequest, plan: DayPlan): Markup {
  const { date, rows, later } = plan;
  const hours = date.toZonedDateTime(request.identity.organization.time_zone).hoursInDay;
  return html`${hours !== 24 && html`<p class="warning">The clocks change on this day: it has ${hours} hours.</p>`}
${nobodyYet(request, rows)}
${clockElsewhere(request, plan)}
${rows.length === 0 ? html`<p class="empty">No visits on this day.</p>` : html`<ol class="visits">${rows.map(row => visitItem(request, row, plan, hours === 24))}</ol>`}
${later && html`<p><a class="button quiet" rel="next" href="${calendarHref('day', date)}&cursor=${later.cursor}">${later.count} later on this day</a></p>`}`;
}

/** A clock that runs on a visit of another day must not be forgotten. */
function clockElsewhere(request: PageRequest, { rows, current }: DayPlan): Markup | false {
  if (!current?.clocked_in_at || rows.some(row => row.reference === current.reference)) return false;
  return html`<div class="card">${elsewhere(request, current)}</div>`;
}

function visitItem(request: PageRequest, row: VisitRow, plan: DayPlan, isPlain: boolean): Markup {
  const { currency, country } = request.identity.organization;
  const customer = html`<bdi>${shorten(row.customer, 120)}</bdi>`;
  const isCurrent = plan.current?.reference === row.reference;
  return html`<li class="card visit"${isCurrent && html` aria-current="true"`}>
<p class="at">${isPlain ? startTag(request, row.scheduled_at) : zonedTag(request, row.scheduled_at)} <span class="length">${showDuration(row.duration_minutes)}</span></p>
<div>
<p class="who" id="${row.reference}">${mayRead(request, 'contacts') ? html`<a href="/contacts/${row.contact_id}">${customer}</a>` : customer} ${row.status !== 'scheduled' && badge(row.status)}</p>
<p>${row.address || 'No address'}</p>
<p>${row.services?.join(', ') || 'No services yet'} · ${row.is_price_estimated && 'about '}${formatMoney(row.total_cents, currency)}</p>
<p>${row.technicians?.join(', ') || html`<span class="warning">Nobody assigned</span>`}</p>
<p class="links"><a href="/tickets/${row.reference}">Visit ${row.reference}</a>${row.phone !== null && phoneLink(row.phone, country)}</p>
${plan.isToday && ownWork(request, row, plan.current)}</div>
</li>\n`;
}

const isOpen = (status: string): boolean => status === 'scheduled' || status === 'in_progress';

function ownWork(request: PageRequest, row: VisitRow, current: Current | undefined): Markup | false {
  const { id, role } = request.identity.actor;
  const isOwn = role === 'technician' || (id !== null && row.technician_ids?.includes(id));
  if (!isOwn || !isOpen(row.status)) return false;
  const runningSince = current?.clocked_in_at ?? null;
  const runsHere = runningSince !== null && current?.reference === row.reference;
  return html`${runsHere && html`<p>Your clock runs since ${sinceTag(request, runningSince)}</p>`}
<div class="buttons">${(runsHere || runningSince === null) && clockForm(request, row.reference, runsHere ? 'out' : 'in', { describedBy: row.reference })}
${hasBegun(request, row) && mayDo(request, 'ticket.close') && closeOutLink(row.reference, true)}</div>`;
}

const startTag = (request: PageRequest, when: string): Markup =>
  html`<time datetime="${when}">${showClock(when, request.identity.organization.time_zone)}</time>`;

/** With the name of the zone: on the day the clocks are set back an hour comes twice. */
function zonedTag(request: PageRequest, when: string): Markup {
  const text = new Intl.DateTimeFormat('en-US', {
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: request.identity.organization.time_zone,
  }).format(Date.parse(when));
  return html`<time datetime="${when}">${text.replace(/\u202f/g, ' ')}</time>`;
}
