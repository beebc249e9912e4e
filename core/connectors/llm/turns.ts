/** Runs what it is given when it is its turn; rejects with the signal's reason when that comes first. */
export type Turns = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

/** Lets `most` run at once and the others wait, first come, first served. */
export function openTurns(most: number): Turns {
  const waiting: (() => void)[] = [];
  let free = most;

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(begin), 1);
        reject(signal.reason);
      };
      waiting.push(begin);
      signal.addEventListener('abort', leave, { once: true });
    });

  return async (signal, work) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await wait(signal);
    try {
      return await work();
    } finally {
      // The turn is handed on, so that nobody who comes meanwhile can slip in between.
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
