import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { showClock, showShortDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { mayRead, type PageRequest, readList } from '../site.ts';

const visitRow = z.object({
  reference: z.string(),
  scheduled_at: z.string(),
  line_items: z.array(z.object({ description: z.string() })),
  technicians: z.array(z.object({ name: z.string() })),
});
type VisitRow = z.infer<typeof visitRow>;

const entryRow = z.object({ reference: z.string() });

const sums = z.object({ count: z.number(), total_cents: z.number(), paid_cents: z.number() });

/** How it stands with a customer: the next visit, the last one, what is owed. */
export interface Standing {
  next: VisitRow | undefined;
  last: VisitRow | undefined;
  /** The entry by which they wait for an earlier time. */
  waits: string | undefined;
  /** Undefined for who reads no bills. */
  owed: { count: number; cents: number } | undefined;
}

export async function readStanding(request: PageRequest, contact_id: string): Promise<Standing> {
  const today = request.site
    .clock()
    .toZonedDateTimeISO(request.identity.organization.time_zone)
    .toPlainDate()
    .toString();
  const one = { fields: ['reference', 'scheduled_at'], include: ['line_items', 'technicians'], limit: 1 };
  const [next, last, waiting, owed] = await Promise.all([
    readList(request, 'tickets', visitRow, {
      ...one,
      params: { contact_id, from: today },
      filter: 'open',
      sort: 'scheduled_at',
    }),
    readList(request, 'tickets', visitRow, {
      ...one,
      params: { contact_id, status: 'closed' },
      sort: '-scheduled_at',
    }),
    readList(request, 'waitlist', entryRow, {
      params: { contact_id },
      filter: 'waiting',
      fields: ['reference'],
      limit: 1,
    }),
    mayRead(request, 'invoices') ? readOwed(request, contact_id) : undefined,
  ]);
  return { next: next.rows[0], last: last.rows[0], waits: waiting.rows[0]?.reference, owed };
}

async function readOwed(request: PageRequest, contact_id: string): Promise<Standing['owed']> {
  const { totals } = await request.site.app.read(
    request.caller,
    'invoices',
    {
      params: { contact_id, billed_to: 'customer' },
      filter: 'open',
      fields: ['reference'],
      limit: 1,
      totals: true,
    },
    request.facts,
  );
  const { count, total_cents, paid_cents } = sums.parse(totals);
  return { count, cents: total_cents - paid_cents };
}

/** Three short answers on top of the customer's page. */
export function standingSection(request: PageRequest, reference: string, standing: Standing): Markup {
  const { next, last, waits, owed } = standing;
  const { currency } = request.identity.organization;
  return html`<dl class="facts card">
<div><dt>Next visit</dt><dd>${next ? visitLine(request, next) : html`none booked`}</dd></div>
${waits !== undefined && html`<div><dt>Waits</dt><dd><a href="/records/waitlist/${waits}">wants to come sooner</a></dd></div>`}
<div><dt>Last visit</dt><dd>${last ? visitLine(request, last) : html`none yet`}</dd></div>
${owed && html`<div><dt>Owes</dt><dd>${owed.cents === 0 ? 'nothing' : html`<a href="/invoices?${new URLSearchParams({ list: 'open', customer: reference }).toString()}">${formatMoney(owed.cents, currency)}</a> on ${owed.count === 1 ? 'one bill' : `${owed.count} bills`}`} · <a href="/contacts/${reference}/statement">statement</a></dd></div>`}
</dl>`;
}

function visitLine(request: PageRequest, row: VisitRow): Markup {
  const { time_zone } = request.identity.organization;
  const rest = [
    row.line_items.map(({ description }) => description).join(', '),
    row.technicians.map(({ name }) => name).join(', '),
  ].filter(Boolean);
  return html`<a href="/tickets/${row.reference}">${showShortDay(row.scheduled_at, time_zone, request.site.clock())}, ${showClock(row.scheduled_at, time_zone)}</a>${rest.length > 0 && html` · <bdi>${rest.join(' · ')}</bdi>`}`;
}
