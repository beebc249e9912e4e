import { randomFor } from '../support/random.ts';

/** Does its work once and answers the milliseconds it took, per operation. */
export type Contender = () => Promise<number>;

/**
 * Runs the contenders side by side, each round in another order, so that whatever else the machine does, and whoever came
 * before, meets all of them alike. To and fro (A B C, C B A) whoever stands at an end comes after himself and finds everything at
 * hand: up to 7 % for nothing. The orders are the same in every run. The first round is for warming up and does not count.
 * Answers the figures of each, by round.
 */
export async function interleave<Name extends string>(
  contenders: Record<Name, Contender>,
  rounds: number,
): Promise<(name: Name) => number[]> {
  const names = Object.keys(contenders).filter((name): name is Name => name in contenders);
  const figures = new Map<string, number[]>(names.map(name => [name, []]));
  const random = randomFor(rounds);
  for (let round = 0; round <= rounds; round++) {
    for (const name of shuffled(names, random)) {
      const ms = await contenders[name]();
      if (round > 0) figures.get(name)?.push(ms);
    }
  }
  return name => figures.get(name) ?? [];
}

function shuffled<Name>(names: readonly Name[], random: () => number): Name[] {
  const places = new Map(names.map(name => [name, random()]));
  return [...names].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

/** Milliseconds per operation of `count` operations, `clients` at a time. */
export async function timeEach(
  count: number,
  clients: number,
  operate: (client: number) => Promise<unknown>,
): Promise<number> {
  let left = count;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (left-- > 0) await operate(client);
    }),
  );
  return (performance.now() - started) / count;
}

/** The median of the ratios of each round: what disturbed a round disturbed both sides of it. */
export function ratio(above: readonly number[], below: readonly number[]): number {
  return round(median(above.map((ms, index) => ms / (below[index] ?? Number.NaN))), 2);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that this part of the values does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits));
