import type { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { todayOf } from '../kernel/words/time.ts';
import { findGaps, readWaiting, sayGap, sayOffer, timeOf } from './gaps.ts';

/** So far ahead a briefing looks for free times. */
const daysAhead = 6;

/**
 * The free times of the next days that somebody who waits fits into, each customer once, by time:
 * `Tue 2026-12-01 10:00–12:00 with Theo: WL-1 «Mrs Hart» at 10:00, 9 days sooner than T-2010, fills the gap`.
 */
export async function soonerLines(context: ReadContext, from: Temporal.PlainDate): Promise<string[]> {
  const everybody = await readWaiting(context);
  if (everybody.length === 0) return [];
  const today = todayOf(context);
  const fromDay = from.toString() < today.toString() ? today : from;
  const named = new Set<string>();
  const lines: string[] = [];
  for (const { gap, candidates } of await findGaps(context, everybody, {
    fromDay,
    toDay: fromDay.add({ days: daysAhead }),
  })) {
    const best = candidates.find(({ waiting }) => !named.has(waiting.id));
    if (!best) continue;
    named.add(best.waiting.id);
    const at = timeOf(best.start, context.organization.time_zone).slice(15, 20);
    const why = best.offered
      ? `offered: ${sayOffer(context, best.offered)}`
      : best.reasons.slice(0, 2).join(', ');
    lines.push(
      `${sayGap(context, gap)}: ${best.waiting.reference} ${quoteStart(best.waiting.customer, 40)} at ${at}, ${why}`,
    );
  }
  return lines;
}
