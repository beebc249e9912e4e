/** Gives numbers from 0 to 1. */
export type Random = () => number;

/** The same numbers every time; seeds that are near each other give others all the same. */
export const randomFor = (seed: number): Random => randomFrom(Math.imul(seed + 1, 2_654_435_761));

/** Numbers that depend on where it begins alone (mulberry32). */
export function randomFrom(begin: number): Random {
  let state = begin >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `low` to `high`, both included. */
export const between = (random: Random, low: number, high: number) =>
  low + Math.floor(random() * (high - low + 1));

/** One of the options; with a `lean` above 1 the first ones come more often, as the common names of a town do. */
export function pick<T>(random: Random, options: readonly T[], lean = 1): T {
  const option = options[Math.floor(random() ** lean * options.length)];
  if (option === undefined) throw new Error('there is nothing to pick from');
  return option;
}
