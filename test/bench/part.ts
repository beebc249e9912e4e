import type { BenchCluster } from './databases.ts';

/** What every part of the benchmark works with. */
export interface Bench {
  cluster: BenchCluster;
  /** Rounds of each comparison. */
  rounds: number;
  /** Customers that are nobody's yet: each call takes so many numbers. */
  take(count: number): number;
  /** Of the lines of the close-out only those with this in their names, as often as `rounds` says. */
  lines?: string | undefined;
  /** How many phones close out at once, each on a line of its own. */
  phones: number;
  /** Customers of the business that grows to them from a tenth. */
  grown: number;
  /** Businesses one is asked among. */
  businesses: number;
  /** How long a soak takes, and how many calls a second it makes. */
  minutes: number;
  rate: number;
  say(text: string): void;
}

/** A figure with what it must not exceed (or reach, for rates). */
export interface Figure {
  value: number;
  target: string;
  met: boolean;
}

export const atMost = (value: number, most: number): Figure => ({
  value,
  target: `<= ${most}`,
  met: value <= most,
});

export const atLeast = (value: number, least: number): Figure => ({
  value,
  target: `>= ${least}`,
  met: value >= least,
});
