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

/** So many free times are told of one call, the next ones: the end of a series frees a year. */
const mostGaps = 3;

/** So many of what was freed is looked at; a day costs a look at the calendar. */
const mostFreed = 12;

/** What is freed on the way, by transaction: some of it may be taken again before the call is done. */
const onTheWay = new WeakMap<object, Freed[]>();

/**
 * Does what frees times and may take some of them again, such as moving a visit by half an hour, or frees many at once, and tells
 * only then of what is free.
 */
export async function tellOfGapAfter<T>(
  context: Context,
  freed: readonly Freed[],
  work: () => Promise<T>,
): Promise<T> {
  const outer = onTheWay.get(context.tx);
  const all = [...freed];
  onTheWay.set(context.tx, all);
  const restore = () => (outer ? onTheWay.set(context.tx, outer) : onTheWay.delete(context.tx));
  const done = await work().finally(restore);
  await tellOfGap(context, all);
  return done;
}

/**
 * Says, in the answer of the call that made it, which times are free now and who of those who wait could come then (SCH-07): a
 * line for each of the next gaps, and one for each of the best three. Says nothing where nobody waits or fits. It looks at the
 * calendar as it is by then, so it is called last, or within `tellOfGapAfter`. Everything that frees a time calls it.
 */
export async function tellOfGap(context: Context, freed: readonly Freed[]): Promise<void> {
  const { now, actor } = context;
  const waiting = onTheWay.get(context.tx);
  if (waiting) {
    waiting.push(...freed);
    return;
  }
  // Whoever waits is none of a technician's or a customer's business.
  if (actor.kind === 'customer' || actor.role === 'technician') return;
  const coming = freed
    .filter(({ to, technicianIds }) => technicianIds.length > 0 && Date.parse(to) > now.epochMilliseconds)
    .sort((one, other) => Date.parse(one.from) - Date.parse(other.from))
    .slice(0, mostFreed);
  if (coming.length === 0) return;
  const everybody = await readWaiting(context);
  if (everybody.length === 0) return;
  const found = await gapsIn(context, coming, everybody);
  for (const gap of found.slice(0, mostGaps)) tell(context, gap);
  if (found.length > mostGaps)
    context.warn(
      `${found.length - mostGaps} more of the times that are free now suit somebody who waits: ${context.actor.kind === 'agent' ? 'crm_query gaps' : 'see the page Could come sooner'}.`,
    );
}

/** The free times that touch what was freed, each once. */
async function gapsIn(
  context: Context,
  freed: readonly Freed[],
  everybody: Awaited<ReturnType<typeof readWaiting>>,
): Promise<FilledGap[]> {
  const { time_zone } = context.organization;
  const found = new Map<string, FilledGap>();
  for (const { technicianIds, from, to } of freed) {
    const day = Temporal.Instant.from(from).toZonedDateTimeISO(time_zone).toPlainDate();
    for (const filled of await findGaps(context, everybody, { fromDay: day, toDay: day }, technicianIds)) {
      const { technician, from: begins, to: ends } = filled.gap;
      if (ends > Date.parse(from) && begins < Date.parse(to)) found.set(`${technician.id} ${begins}`, filled);
    }
  }
  return [...found.values()];
}

function tell(context: Context, { gap, candidates }: FilledGap): void {
  const reference = candidates.find(({ offered }) => !offered)?.waiting.reference;
  const many = candidates.length === 1 ? '1 customer waits' : `${candidates.length} customers wait`;
  const how =
    context.actor.kind === 'agent'
      ? `waitlist.offer {scheduled_at: "${new Date(gap.from).toISOString()}", technician_id: "${gap.technician.name}", to: ["${reference}"]} offers it to them; whoever takes it first has it.`
      : 'Offer it to them on the page Could come sooner.';
  // Who has an offer of a time then is not written to twice.
  const next = reference === undefined ? 'It is offered already.' : how;
  context.warn(`${sayGap(context, gap)} is free now, and ${many} for such a time. ${next}`);
  for (const candidate of candidates.slice(0, mostNamed))
    context.warn(`Could come sooner: ${sayCandidate(context, candidate)}.`);
}
