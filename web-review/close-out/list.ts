import { z } from 'zod';
import { todayOf } from '../calendar/navigation.ts';
import { shorten, showClock } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { currentOf } from '../quick-action.ts';
import { type Document, type PageRequest, readList } from '../site.ts';
import { addressOf } from './closeout.ts';
import { lean } from './frame.ts';

const visitRow = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  customer: z.string(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technician_ids: z.array(z.string()).nullable(),
});
export type VisitRow = z.infer<typeof visitRow>;

/** One's own visits that are open, by time (GAP-26): of today, or of so many days. */
export async function readOwnVisits(request: PageRequest, days = 1): Promise<VisitRow[]> {
  const { id, role } = request.identity.actor;
  const today = todayOf(request);
  const { rows } = await readList(request, 'calendar', visitRow, {
    params: {
      from: today.toString(),
      to: today.add({ days: days - 1 }).toString(),
      ...(role === 'technician' || id === null ? {} : { technician_id: id }),
    },
    fields: Object.keys(visitRow.shape),
    limit: 100,
  });
  return rows.filter(
    ({ status, technician_ids }) =>
      (status === 'scheduled' || status === 'in_progress') && id !== null && technician_ids?.includes(id),
  );
}

const unpaidRow = z.object({ ticket_id: z.string(), member_id: z.string() });

/** The visits one closed without having said how they are paid. */
async function readUnpaid(request: PageRequest): Promise<string[]> {
  const { rows } = await readList(request, 'closeout_sessions', unpaidRow, {
    params: { member_id: request.identity.actor.id },
    filter: 'unpaid',
    fields: Object.keys(unpaidRow.shape),
    references: true,
  });
  return rows.map(({ ticket_id }) => ticket_id);
}

/** What is to be closed out: the current visit first (CLO-02), then the others of today. */
export async function listCloseouts(request: PageRequest): Promise<Document> {
  const [visits, current, unpaid] = await Promise.all([
    readOwnVisits(request),
    currentOf(request),
    readUnpaid(request),
  ]);
  const others = visits.filter(({ reference }) => reference !== current?.reference);
  const first = visits.find(({ reference }) => reference === current?.reference);
  return lean(request, {
    title: 'Close out',
    location: '/close-out',
    body: html`<h1>Close out</h1>
${current && (first ? visitLink(request, first, reasons[current.why]) : html`<p><a class="card pick" href="${addressOf(current.reference)}"><b>${current.reference} · <bdi>${shorten(current.customer, 60)}</bdi></b> ${reasons[current.why]}</a></p>`)}
${others.map(row => visitLink(request, row))}
${!current && others.length === 0 && html`<p class="empty">You have no open visits today. Others are in the <a href="/calendar">calendar</a>.</p>`}
${unpaid.length > 0 && html`<h2>Closed, and not said how it is paid</h2>${unpaid.map(reference => html`<p><a class="card pick" href="${addressOf(reference)}"><b>${reference}</b></a></p>`)}`}`,
  });
}

const reasons: Readonly<Record<string, string>> = {
  clocked_in: 'Your clock runs here.',
  in_progress: 'In progress.',
  now: 'Planned for now.',
  ended: 'Should be over.',
  next: 'Comes next.',
};

/** One visit, a tap from its close-out. */
export function visitLink(
  request: PageRequest,
  row: VisitRow,
  why?: string,
  href = addressOf(row.reference),
): Markup {
  const { time_zone } = request.identity.organization;
  return html`<p><a class="card pick" href="${href}"><b>${showClock(row.scheduled_at, time_zone)} <bdi>${shorten(row.customer, 60)}</bdi></b> <small>${row.reference}</small>
<span>${row.address ?? 'No address'}</span>
<span>${row.services?.join(', ') || 'No services yet'}</span>${why !== undefined && html`<span class="why-now">${why}</span>`}</a></p>
`;
}
