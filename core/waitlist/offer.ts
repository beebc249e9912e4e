import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime, moment, readMoment } from '../kernel/words/time.ts';
import { readWaiting, rulesOf, sayGap, timeOf } from './gaps.ts';
import { offerRecord } from './offer-record.ts';
import { listOpenings } from './openings.ts';
import { listOffered } from './queries.ts';
import { type Candidate, fitInto, type Gap, type Waiting } from './ranking.ts';
import { offerHours, offerNoticeHours } from './settings.ts';
import { tellOffer } from './tell.ts';

const offered = z.object({
  offer: z.string(),
  waitlist: z.string(),
  customer: z.string(),
  starts_at: z.string(),
  local: z.string(),
  expires_at: z.string(),
  customer_told: z.string(),
});

/**
 * Offers a free time to some of those who wait (SCH-07): each gets a link of their own, or is to be called with the words to
 * say. The first who takes it has it. Throws CONFLICT when the time is not free or somebody does not fit into it.
 */
export const offerGap = defineAction({
  domain: 'waitlist',
  name: 'offer',
  summary:
    'Offer a free time (of gaps) to customers on the waitlist by mail, or as a call to make; the first who takes it has it.',
  input: z.strictObject({
    scheduled_at: moment,
    technician_id: ref('member'),
    to: z
      .array(ref('waitlist', { fitting: 'waiting', or_others: true }))
      .min(1)
      .max(50),
  }),
  output: z.object({ gap: z.string(), offers: z.array(offered) }),
  permission: { level: 'soft_limit' },
  effect: 'send',
  touches: ['email'],
  undo: 'waitlist.withdraw',
  past: 'offered',
  says: 'the time {starts_at} with {technician_id} to customers who wait[, such as {whose}]',
  example: { scheduled_at: '2026-12-01T09:00', technician_id: 'Theo', to: ['WL-1'] },
  keywords: ['fill the gap', 'earlier', 'sooner', 'ask them', 'offer it', 'invite'],
  async run(context, { scheduled_at, technician_id, to }) {
    const { time_zone } = context.organization;
    const at = readMoment(scheduled_at, time_zone, 'scheduled_at');
    const gap = await findGap(context, technician_id, at);
    const everybody = await readWaiting(context);
    const ids = [...new Set(to)];
    await requireNotOffered(context, gap, ids, everybody);
    const candidates = ids.map(id =>
      requireFit(
        context,
        gap,
        everybody.find(waiting => waiting.id === id),
      ),
    );
    // A round goes by its first offer: no other id comes into being by a call, which has to be the same when it runs later.
    const round_id = newId();
    const offers: z.input<typeof offered>[] = [];
    for (const [n, candidate] of candidates.entries()) {
      const id = n === 0 ? round_id : newId();
      offers.push(await offerTo(context, { id, candidate, gap, round_id }));
    }
    return { gap: sayGap(context, gap), offers };
  },
});

/** The free time from a moment on. Throws CONFLICT with what is free that day. */
async function findGap(context: Context, technicianId: string, at: Temporal.Instant): Promise<Gap> {
  const { time_zone } = context.organization;
  const day = at.toZonedDateTimeISO(time_zone).toPlainDate();
  const openings = await listOpenings(context, { fromDay: day, toDay: day }, [technicianId]);
  const start = at.epochMilliseconds;
  const found = openings.find(({ from, to }) => from <= start && start < to);
  if (found) return { ...found, from: start };
  const free = openings.map(gap => sayGap(context, gap));
  throw new DeskhandError('CONFLICT', `${localTime(at, time_zone).slice(0, 20)} is not free.`, {
    field: 'scheduled_at',
    ...(free.length > 0 ? { valid_options: free } : {}),
    hint: 'crm_query gaps shows which free times somebody on the waitlist fits into.',
  });
}

async function requireNotOffered(
  context: Context,
  gap: Gap,
  ids: readonly string[],
  everybody: readonly Waiting[],
): Promise<void> {
  const before = await listOffered(context, {
    technicianId: gap.technician.id,
    from: new Date(gap.from).toISOString(),
    to: new Date(gap.to).toISOString(),
  });
  const again = before.find(({ waitlist_id }) => ids.includes(waitlist_id));
  if (!again) return;
  const reference = everybody.find(({ id }) => id === again.waitlist_id)?.reference ?? 'Somebody of them';
  throw new DeskhandError(
    'CONFLICT',
    `${reference} was offered a time then already, and can still take it.`,
    {
      field: 'to',
      hint: 'Wait for the answer, or take the offer back first with waitlist.withdraw.',
    },
  );
}

/** Throws INVALID_STATE for who waits no more or whose visit is over, CONFLICT for whom it does not suit. */
function requireFit(context: Context, gap: Gap, waiting: Waiting | undefined): Candidate {
  if (!waiting) {
    throw new DeskhandError(
      'INVALID_STATE',
      'Somebody of them waits no more, or their visit is cancelled or past.',
      {
        field: 'to',
        hint: 'Look at waitlist with filter waiting; waitlist.update says which visit is to come sooner.',
      },
    );
  }
  const candidate = fitInto(gap, waiting, rulesOf(context));
  if (candidate) return candidate;
  throw new DeskhandError(
    'CONFLICT',
    `${waiting.reference} does not fit into ${sayGap(context, gap)}: their visit takes ${waiting.minutes} minutes, and it has to suit their wishes and be sooner than what they have.`,
    { field: 'to', hint: 'crm_query gaps shows who fits when; waitlist.update changes what they wish.' },
  );
}

async function offerTo(
  context: Context,
  { id, candidate, gap, round_id }: { id: string; candidate: Candidate; gap: Gap; round_id: string },
): Promise<z.input<typeof offered>> {
  const { waiting, start } = candidate;
  const starts_at = Temporal.Instant.fromEpochMilliseconds(start);
  const expires_at = lastMoment(context, starts_at);
  const offer = await insertRow(context, offerRecord, {
    id,
    round_id,
    waitlist_id: waiting.id,
    contact_id: waiting.contact_id,
    technician_id: gap.technician.id,
    starts_at: starts_at.toString(),
    duration_minutes: waiting.minutes,
    expires_at: expires_at.toString(),
  });
  return {
    offer: offer.reference,
    waitlist: waiting.reference,
    customer: waiting.customer,
    starts_at: offer.starts_at,
    local: timeOf(start, context.organization.time_zone),
    expires_at: offer.expires_at,
    customer_told: await tellOffer(context, offer, waiting),
  };
}

/**
 * Until when an offer can be taken: so many hours from the last full one on, and never so late that nobody could be ready. The
 * same for whoever allows the call a little later.
 */
function lastMoment(context: Context, starts_at: Temporal.Instant): Temporal.Instant {
  const hour = context.now.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  const lasts = hour.add({ hours: settingOf(context, offerHours) });
  const last = starts_at.subtract({ hours: settingOf(context, offerNoticeHours) });
  return Temporal.Instant.compare(lasts, last) < 0 ? lasts : last;
}
