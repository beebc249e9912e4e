import type { ReadContext } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';
import { type Away, listAwayIn } from './queries.ts';

export type { Away };

/** Who of some people is away in a period, and when the business is closed, by time. */
export const listAway = (
  context: ReadContext,
  wanted: { memberIds: readonly string[]; from: string; to: string },
): Promise<Away[]> => listAwayIn(context, wanted);

/** `Theo is away from Tue 2026-11-24 to Sat 2026-11-28 (vacation)`, `we are closed Thu 2026-11-26 (Thanksgiving Day)`. */
export function sayAway({ organization }: Pick<ReadContext, 'organization'>, away: Away): string {
  const who = away.member_id === null ? 'we are closed' : `${away.name ?? 'somebody'} is away`;
  const kind = away.kind === 'away' || away.kind === 'closed' || away.kind === 'holiday' ? null : away.kind;
  const why = [kind, away.reason].filter(Boolean).join(': ') || (away.kind === 'holiday' ? 'holiday' : '');
  return `${who} ${saySpan(away, organization.time_zone)}${why === '' ? '' : ` (${why})`}`;
}

/**
 * `Tue 2026-11-24`, `from Tue 2026-11-24 to Sat 2026-11-28`, with the times where they are not whole days:
 * `Tue 2026-11-24 from 09:00 to 12:00`.
 */
export function saySpan(
  { starts_at, ends_at }: Pick<Away, 'starts_at' | 'ends_at'>,
  timeZone: string,
): string {
  const [first, from] = dayAndClock(starts_at, timeZone);
  const [end, to] = dayAndClock(ends_at, timeZone);
  if (from === '00:00' && to === '00:00') {
    // The last moment of it is on the day before the one it ends at.
    const [last] = dayAndClock(new Date(Date.parse(ends_at) - 1).toISOString(), timeZone);
    return first === last ? first : `from ${first} to ${last}`;
  }
  return first === end ? `${first} from ${from} to ${to}` : `from ${first} ${from} to ${end} ${to}`;
}

function dayAndClock(moment: string, timeZone: string): [string, string] {
  const local = localTime(moment, timeZone);
  return [local.slice(0, 14), local.slice(15, 20)];
}
