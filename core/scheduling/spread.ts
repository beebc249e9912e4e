import { localDays } from './local-day.ts';

/**
 * At most `most` of some starts by time: those that miss least of what somebody likes, and of those as many of each day as
 * of every other, over the whole day. A customer chooses from them, and the first half-hours of one morning are no choice.
 */
export function spread<T extends { start: number }>(
  starts: readonly T[],
  { most, misses, timeZone }: { most: number; misses(entry: T): number; timeZone: string },
): T[] {
  const rated = starts.map(entry => ({ entry, missed: misses(entry) }));
  const chosen: T[] = [];
  for (const missed of [...new Set(rated.map(entry => entry.missed))].sort((a, b) => a - b)) {
    const alike = rated.filter(entry => entry.missed === missed).map(({ entry }) => entry);
    chosen.push(...overDays(alike, most - chosen.length, timeZone));
    if (chosen.length >= most) break;
  }
  return chosen;
}

/** As many of each day as of every other, as far as it has them; of more days than there is room for, some at even steps. */
function overDays<T extends { start: number }>(starts: readonly T[], most: number, timeZone: string): T[] {
  const days = everyNth(splitByDay(starts, timeZone), most);
  const shares = days.map(() => 0);
  for (let left = Math.min(most, days.flat().length); left > 0; ) {
    for (const [n, day] of days.entries()) {
      const share = shares[n] ?? 0;
      if (left === 0 || share === day.length) continue;
      shares[n] = share + 1;
      left -= 1;
    }
  }
  return days.flatMap((day, n) => {
    const middle = day[Math.floor(day.length / 2)];
    // One of each day, and always the first, would be five early mornings.
    return shares[n] === 1 && n % 2 === 1 && middle ? [middle] : everyNth(day, shares[n] ?? 0);
  });
}

/** So many of some things at even steps, the first among them. */
function everyNth<T>(things: readonly T[], most: number): T[] {
  const stepOf = (n: number) => Math.floor((n * most) / things.length);
  return things.length <= most ? [...things] : things.filter((_, n) => stepOf(n) !== stepOf(n - 1));
}

function splitByDay<T extends { start: number }>(starts: readonly T[], timeZone: string): T[][] {
  const dayOf = localDays(timeZone);
  const days: T[][] = [];
  let ends = Number.NEGATIVE_INFINITY;
  for (const entry of starts) {
    if (entry.start >= ends) {
      days.push([]);
      ends = dayOf(entry.start).to;
    }
    days.at(-1)?.push(entry);
  }
  return days;
}
