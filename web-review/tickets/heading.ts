import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { shorten, showClock, showMoment } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';

const visitRow = z.object({
  reference: z.string(),
  contact_id: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  duration_minutes: z.number(),
  total_cents: z.number(),
  currency: z.string(),
  is_price_estimated: z.boolean(),
  line_items: z.array(
    z.object({
      id: z.string(),
      description: z.string(),
      pricing: z.string(),
      quantity: z.number(),
      unit_price_cents: z.number(),
      total_cents: z.number(),
    }),
  ),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
});
const customerRow = z.object({
  reference: z.string(),
  full_name: z.string(),
  email: z.string().nullable(),
});

/** A visit that is to be changed, and whose it is. */
export type OpenedVisit = z.infer<typeof visitRow> & { customer: z.infer<typeof customerRow> | undefined };

/** Reads the visit a form is about. Throws NOT_FOUND, also for whoever may not do what the form does. */
export async function openVisitFor(request: PageRequest, action: string): Promise<OpenedVisit> {
  if (!mayDo(request, action) || request.identity.actor.role === 'technician')
    throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const { rows } = await readList(request, 'tickets', visitRow, {
    id: recordOf(request),
    include: ['line_items', 'technicians'],
  });
  const [found] = rows;
  if (!found) throw new DeskhandError('NOT_FOUND', 'There is no such visit here.');
  const customer = await readMaybe(request, {
    type: 'contacts',
    row: customerRow,
    id: found.contact_id,
    query: { fields: Object.keys(customerRow.shape) },
  });
  return { ...found, customer };
}

export const isOpen = ({ status }: { status: string }): boolean =>
  status === 'scheduled' || status === 'in_progress';

/** What is about to be done, and with which visit: never a number alone. */
export function visitHeading(request: PageRequest, title: string, row: OpenedVisit): Markup {
  const { time_zone } = request.identity.organization;
  return html`<h1>${title}</h1>
<p class="lead"><a href="/tickets/${row.reference}"><bdi>${shorten(row.customer?.full_name ?? row.reference, 120)}</bdi></a></p>
<p>${showMoment(row.scheduled_at, time_zone)} to ${showClock(row.ends_at, time_zone)} · ${row.technicians.map(({ name }) => name).join(', ') || 'nobody yet'}${row.line_items.length > 0 && ` · ${row.line_items.map(({ description }) => description).join(', ')}`}</p>`;
}

/** The tick that has a customer told, with what will come of it. */
export function tellTick(row: Pick<OpenedVisit, 'customer'>, isOn: boolean): Markup {
  const email = row.customer?.email ?? null;
  return email === null
    ? html`<p class="hint">There is no e-mail address: call the customer yourself.</p>`
    : html`<label class="tick"><input type="checkbox" name="tell" value="yes"${isOn && html` checked`}> <span>Tell the customer by e-mail (<bdi>${email}</bdi>)</span></label>`;
}
