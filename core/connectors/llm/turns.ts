import { Turns as KeyedTurns } from '../../kernel/outside/turns.ts';

/** Runs what it is given when it is its turn; rejects with the signal's reason when that comes first. */
export type Turns = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Lets `most` run at once and the others wait as long as they like. */
export function openTurns(most: number): Turns {
  const turns = new KeyedTurns({ atOnce: most, waiting: Number.POSITIVE_INFINITY });
  return (signal, work) => turns.take('', neverFull, work, signal);
}

const neverFull = () => new Error('a queue without an end was full');
