interface Queue {
  running: number;
  waiting: (() => void)[];
}

/**
 * Lets few of many with one key work at the same time; the others wait their turn, first come, first served, and beyond
 * that are told to come again.
 */
export class Turns {
  readonly #atOnce: number;
  readonly #waiting: number;
  readonly #queues = new Map<string, Queue>();

  constructor({ atOnce, waiting }: { atOnce: number; waiting: number }) {
    this.#atOnce = atOnce;
    this.#waiting = waiting;
  }

  /**
   * Does the work when it is this one's turn. Throws what `refuse` makes when too many wait already, and the signal's reason
   * when that comes first.
   */
  async take<T>(key: string, refuse: () => Error, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] };
    this.#queues.set(key, queue);
    if (queue.running < this.#atOnce) queue.running += 1;
    else {
      if (queue.waiting.length >= this.#waiting) throw refuse();
      // Whoever ends hands over its place, so the number of those who run stays the same.
      await turnIn(queue, signal);
    }
    try {
      return await work();
    } finally {
      const next = queue.waiting.shift();
      if (next) next();
      else {
        queue.running -= 1;
        if (queue.running === 0) this.#queues.delete(key);
      }
    }
  }
}

const turnIn = ({ waiting }: Queue, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    const begin = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(signal?.reason);
    };
    waiting.push(begin);
    signal?.addEventListener('abort', leave, { once: true });
  });
