import { Temporal } from 'temporal-polyfill';
import type { Context } from '../kernel/pipeline/context.ts';
import { type FilledGap, findGaps, readWaiting, sayCandidate, sayGap } from './gaps.ts';

/** What was taken, and may be free now. */
export interface Freed {
  technicianIds: readonly string[];
  from: string;
  to: string;
}

/** So many are named behind a gap. */
export const mostNamed = 3;

/** Transactions in which a visit is on its way from one time to another. */
const onTheWay = new WeakSet<object>();

/**
 * Does what frees a time and may take some of it again, such as moving a visit by half an hour, and tells of what is free only
 * then.
 */
export async function tellOfGapAfter<T>(
  context: Context,
  freed: readonly Freed[],
  work: () => Promise<T>,
): Promise<T> {
  onTheWay.add(context.tx);
  const done = await work().finally(() => onTheWay.delete(context.tx));
  await tellOfGap(context, freed);
  return done;
}

/**
 * Says, in the answer of the call that made it, which time is free now and who of those who wait could come then (SCH-07): a
 * line for the gap, and one for each of the best three. Says nothing where nobody waits or fits. It looks at the calendar as it
 * is by then, so it is called last.
 */
export async function tellOfGap(context: Context, freed: readonly Freed[]): Promise<void> {
  const { now, actor } = context;
  // Whoever waits is none of a technician's or a customer's business.
  if (actor.kind === 'customer' || actor.role === 'technician' || onTheWay.has(context.tx)) return;
  const coming = freed.filter(
    ({ to, technicianIds }) => technicianIds.length > 0 && Date.parse(to) > now.epochMilliseconds,
  );
  if (coming.length === 0) return;
  const everybody = await readWaiting(context);
  if (everybody.length === 0) return;
  const told = new Set<string>();
  for (const { technicianIds, from, to } of coming) {
    const { time_zone } = context.organization;
    const day = Temporal.Instant.from(from).toZonedDateTimeISO(time_zone).toPlainDate();
    for (const found of await findGaps(context, everybody, { fromDay: day, toDay: day }, technicianIds)) {
      const key = `${found.gap.technician.id} ${found.gap.from}`;
      if (told.has(key) || found.gap.to <= Date.parse(from) || found.gap.from >= Date.parse(to)) continue;
      told.add(key);
      tell(context, found);
    }
  }
}

function tell(context: Context, { gap, candidates }: FilledGap): void {
  const { reference } = candidates[0]?.waiting ?? {};
  const many = candidates.length === 1 ? '1 customer waits' : `${candidates.length} customers wait`;
  const how =
    context.actor.kind === 'agent'
      ? `waitlist.offer {scheduled_at: "${new Date(gap.from).toISOString()}", technician_id: "${gap.technician.name}", to: ["${reference}"]} offers it to them; whoever takes it first has it.`
      : 'Offer it to them on the page Could come sooner.';
  context.warn(`${sayGap(context, gap)} is free now, and ${many} for such a time. ${how}`);
  for (const candidate of candidates.slice(0, mostNamed))
    context.warn(`Could come sooner: ${sayCandidate(context, candidate)}.`);
}
