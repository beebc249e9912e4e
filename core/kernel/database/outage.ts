import { setTimeout as delay } from 'node:timers/promises';
import { commitUnknown, sqlState } from '../words/errors.ts';

// A database that is away for a moment (one of its processes was killed, it starts again, another takes its place) is a pause
// for callers, not an error. What has certainly not been kept is run again; what may have been kept is not (decision 076).

/** COMMIT was sent and never answered: it may have been done. */
export class CommitUnknown extends Error {
  readonly code = commitUnknown;

  constructor(cause: unknown) {
    super('the connection was lost after COMMIT had been sent', { cause });
  }
}

// Refused or closed connections, and what a server says that ends, starts, recovers or whose other process crashed.
const awayCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT'],
  ...['57P01', '57P02', '57P03'],
  ...['08000', '08001', '08003', '08004', '08006'],
]);

/** Whether an error says that the database, or this connection to it, has gone; and nothing of what was asked of it. */
export function isAway(error: unknown): boolean {
  if (awayCodes.has(sqlState(error) ?? '')) return true;
  return error instanceof Error && /connection (terminated|error)|is not queryable/i.test(error.message);
}

export interface OutageOptions {
  /** How long a transaction waits for the database to come back, in milliseconds; with 0 it is refused at once. */
  patience_ms: number;
  /** Fails while the database takes nobody. */
  knock(): Promise<void>;
  /** Starts a database that is ours and has died; answers when there is nothing more to be done. */
  revive?: (() => Promise<unknown>) | undefined;
}

/** A waiting call holds its input. More than these are refused at once, so that memory is bounded. */
const mostWaiting = 500;
/** Between two knocks, which get rarer. */
const [firstPause_ms, longestPause_ms] = [20, 250];

/** Lets transactions wait while the database is away: one knocks for all. */
export class Outage {
  readonly #options: OutageOptions;
  #knocking: Promise<void> | undefined;
  #waiting = 0;
  #wasReached = false;
  #isClosed = false;

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** A database that never answered is set wrongly, and nobody waits for it. */
  reached(): void {
    this.#wasReached = true;
  }

  /** From now on nobody waits. */
  close(): void {
    this.#isClosed = true;
  }

  /** Runs what may be run again whenever it fails by an outage, until it comes through or patience ends. */
  async waitOut<T>(work: () => Promise<T>): Promise<T> {
    let giveUpAt: number | undefined;
    for (let pause_ms = firstPause_ms; ; pause_ms = longer(pause_ms)) {
      try {
        return await work();
      } catch (error) {
        const now = performance.now();
        giveUpAt ??= now + this.#options.patience_ms;
        const mayWait = this.#wasReached && !this.#isClosed && this.#waiting < mostWaiting;
        if (!isAway(error) || !mayWait || now >= giveUpAt) throw error;
        if (!(await this.#isBackWithin(giveUpAt - now))) throw error;
        // It answers and yet something between us hangs up: not as fast as one can.
        if (pause_ms > firstPause_ms) await delay(pause_ms);
      }
    }
  }

  async #isBackWithin(patience_ms: number): Promise<boolean> {
    const over = new AbortController();
    this.#waiting += 1;
    try {
      this.#knocking ??= this.#knock().finally(() => {
        this.#knocking = undefined;
      });
      const gaveUp = delay(patience_ms, true, { signal: over.signal }).catch(() => true);
      return !(await Promise.race([this.#knocking.then(() => false), gaveUp])) && !this.#isClosed;
    } finally {
      this.#waiting -= 1;
      over.abort();
    }
  }

  /** Ends when the database takes somebody, or nobody waits any more. Never throws: who waits finds out. */
  async #knock(): Promise<void> {
    for (let pause_ms = firstPause_ms; this.#waiting > 0 && !this.#isClosed; pause_ms = longer(pause_ms)) {
      try {
        await this.#options.knock();
        return;
      } catch (error) {
        if (!isAway(error)) return;
        await this.#options.revive?.().catch(() => undefined);
        await delay(pause_ms);
      }
    }
  }
}

const longer = (pause_ms: number) => Math.min(longestPause_ms, pause_ms * 2);
