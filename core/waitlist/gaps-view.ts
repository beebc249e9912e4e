import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, readDay, todayOf } from '../kernel/words/time.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { type FilledGap, findGaps, readWaiting, sayGap, sayOffer, timeOf } from './gaps.ts';
import type { Days } from './openings.ts';

const candidateRow = z.object({
  waitlist: z.string(),
  customer: z.string(),
  starts_at: z.string(),
  local: z.string(),
  minutes: z.number(),
  instead_of: z.string().nullable(),
  why: z.string(),
  /** The offer of this free time that they can still take, and until when, in local time. */
  offered: z.string().optional(),
});

const gapRow = z.object({
  gap: z.string(),
  from: z.string(),
  to: z.string(),
  minutes: z.number(),
  technician: z.string(),
  technician_id: z.string(),
  candidates: z.array(candidateRow),
});

/** How many candidates of a gap are shown. */
const mostShown = 5;

const params = z.strictObject({
  from: day.optional(),
  to: day.optional(),
  technician_id: ref('member').optional(),
  ticket_id: ref('ticket').optional().meta({ description: 'a visit that was cancelled: what it left free' }),
});

/** Free times into which somebody who waits would fit, with who and why (SCH-07, RGY-16). */
export const gaps = defineView({
  type: 'gaps',
  domain: 'waitlist',
  summary:
    'Who could come sooner: free times of the next 14 days that customers of the waitlist fit into, the best five each with why.',
  keywords: [
    'waitlist_matches',
    'who could come sooner',
    'fill',
    'opening',
    'cancelled visit',
    'gap',
    'earlier',
  ],
  row: gapRow,
  params,
  async run(context, { params, limit }) {
    const asked = await readAsked(context, params);
    const everybody = await readWaiting(context);
    if (everybody.length === 0)
      context.warn('Nobody is on the waitlist. waitlist.create puts somebody there.');
    const found = (await findGaps(context, everybody, asked.days, asked.technicianIds)).filter(
      ({ gap }) => asked.within === undefined || (gap.from < asked.within.to && asked.within.from < gap.to),
    );
    return { rows: found.slice(0, limit).map(filled => rowOf(context, filled)) };
  },
});

interface Asked {
  days: Days;
  technicianIds?: string[];
  within?: { from: number; to: number };
}

async function readAsked(context: ReadContext, asked: z.output<typeof params>): Promise<Asked> {
  const { time_zone } = context.organization;
  const technicianIds = asked.technician_id === undefined ? {} : { technicianIds: [asked.technician_id] };
  if (asked.ticket_id !== undefined) {
    const { scheduled_at, ends_at } = await getRow(context, ticketRecord, asked.ticket_id);
    const date = Temporal.Instant.from(scheduled_at).toZonedDateTimeISO(time_zone).toPlainDate();
    const within = { from: Date.parse(scheduled_at), to: Date.parse(ends_at) };
    return { days: { fromDay: date, toDay: date }, within, ...technicianIds };
  }
  const today = todayOf(context);
  const fromDay = asked.from === undefined ? today : readDay(asked.from, 'from');
  const toDay = asked.to === undefined ? fromDay.add({ days: 13 }) : readDay(asked.to, 'to');
  if (Temporal.PlainDate.compare(toDay, fromDay) < 0)
    throw invalid('to', '"to" comes before "from".', { got: asked.to });
  if (fromDay.until(toDay).days > 61) throw invalid('to', 'Look at two months at most.', { got: asked.to });
  return { days: { fromDay, toDay }, ...technicianIds };
}

function rowOf(context: ReadContext, { gap, candidates }: FilledGap): z.input<typeof gapRow> {
  const { time_zone } = context.organization;
  return {
    gap: sayGap(context, gap),
    from: new Date(gap.from).toISOString(),
    to: new Date(gap.to).toISOString(),
    minutes: (gap.to - gap.from) / 60_000,
    technician: gap.technician.name,
    technician_id: gap.technician.id,
    candidates: candidates.slice(0, mostShown).map(({ waiting, start, reasons, offered }) => ({
      waitlist: waiting.reference,
      customer: waiting.customer,
      starts_at: new Date(start).toISOString(),
      local: timeOf(start, time_zone),
      minutes: waiting.minutes,
      instead_of: waiting.booked?.reference ?? null,
      why: reasons.join(', '),
      ...(offered ? { offered: sayOffer(context, offered) } : {}),
    })),
  };
}
