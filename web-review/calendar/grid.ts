/** A stretch of a day, in minutes that have gone by since its midnight: on the days the clocks change the grid stays true. */
export interface Stretch {
  from: number;
  to: number;
}

/** Where something stands in a column: how many share its time, and which of them it is. */
export interface Placed<T> extends Stretch {
  it: T;
  lane: number;
  lanes: number;
}

/** Puts what overlaps side by side: nothing hides behind anything. Answers by time. */
export function sideBySide<T>(all: readonly (Stretch & { it: T })[]): Placed<T>[] {
  const sorted = [...all].sort((a, b) => a.from - b.from || b.to - a.to);
  const placed: Placed<T>[] = [];
  let group: Placed<T>[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    for (const each of group) each.lanes = lanes;
    group = [];
  };
  for (const each of sorted) {
    if (each.from >= end) close();
    const taken = group.filter(({ to }) => to > each.from).map(({ lane }) => lane);
    let lane = 0;
    while (taken.includes(lane)) lane += 1;
    const one = { ...each, lane, lanes: 1 };
    group.push(one);
    placed.push(one);
    end = Math.max(each.to, group.length === 1 ? each.to : end);
  }
  close();
  return placed;
}

/** What is left of some stretches when others are taken out of them. */
export function freeOf(open: readonly Stretch[], taken: readonly Stretch[]): Stretch[] {
  let free = [...open];
  for (const other of taken) {
    free = free.flatMap(each =>
      other.to <= each.from || other.from >= each.to
        ? [each]
        : [
            { from: each.from, to: Math.min(each.to, other.from) },
            { from: Math.max(each.from, other.to), to: each.to },
          ].filter(({ from, to }) => to > from),
    );
  }
  return free;
}

/** Cuts a stretch at every full hour, so that each piece is a time one can point at. */
export function hourly({ from, to }: Stretch): Stretch[] {
  const pieces: Stretch[] = [];
  for (let start = from; start < to; start = nextHour(start)) {
    pieces.push({ from: start, to: Math.min(to, nextHour(start)) });
  }
  return pieces;
}

const nextHour = (minute: number): number => (Math.floor(minute / 60) + 1) * 60;

/** A quarter of an hour at least: shorter ones nobody could read or hit. */
const shortest = 15;

/**
 * The classes that place something by its time: `h9 m6 l1 k6` begins at half past nine and lasts an hour and a half. Five
 * minutes are the smallest step; `scaleStyle` says what each class means.
 */
export function placeOf({ from, to }: Stretch): string {
  const start = Math.floor(from / 5);
  const length = Math.max(shortest / 5, Math.ceil(to / 5) - start);
  return [
    `h${Math.floor(start / 12)}`,
    start % 12 > 0 && `m${start % 12}`,
    length >= 12 && `l${Math.floor(length / 12)}`,
    length % 12 > 0 && `k${length % 12}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The classes of one of several lanes; more than eight side by side are drawn over the last. */
export const laneOf = ({ lane, lanes }: Pick<Placed<unknown>, 'lane' | 'lanes'>): string =>
  lanes > 1 ? ` w${Math.min(lanes, mostLanes)} p${Math.min(lane, mostLanes - 1)}` : '';

const mostLanes = 8;

/** As many as a day with a second two o'clock has, from midnight to midnight. */
const mostHours = 25;

/** The style of all those classes: each sets a number that `calendar.css` reckons with. Inline styles are refused. */
export function scaleStyle(): string {
  const rule = (name: string, from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, n) => `.${name}${from + n}{--${name}:${from + n}}`).join('');
  return [
    rule('h', 0, mostHours),
    rule('m', 1, 11),
    rule('l', 1, mostHours),
    rule('k', 1, 11),
    rule('f', 0, mostHours),
    rule('n', 1, mostHours),
    rule('w', 2, mostLanes),
    rule('p', 0, mostLanes - 1),
  ].join('');
}
