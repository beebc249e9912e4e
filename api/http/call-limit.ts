import type { CountCalls } from '../../core/kernel/outside/call-counts.ts';

/** How a credential stands after a call. */
export interface Standing {
  /** False: this call is one too many, and is not counted. */
  is_taken: boolean;
  /** Calls that are left in its minute. */
  left: number;
  /** When its minute ends. */
  until_ms: number;
}

interface Minute {
  /** Calls that were taken here. */
  made: number;
  /** Of these, calls the database was told. */
  told: number;
  /** Calls that others took. */
  elsewhere: number;
  until_ms: number;
  isTelling: boolean;
}

const minute_ms = 60_000;
const mostCredentials = 100_000;

/**
 * Counts the calls of each credential in its minute. No call waits for it: every fiftieth part of the limit the database is told
 * how many there were and answers how many there are in all processes together. So two processes let through a few more than
 * the limit, at most a fiftieth of it each and what comes in while an answer is on its way; without the database each counts
 * for itself.
 */
export class CallLimit {
  readonly #most: number;
  readonly #tell: CountCalls;
  readonly #step: number;
  // In the order in which they were begun, so that the oldest is forgotten first.
  readonly #minutes = new Map<string, Minute>();

  constructor(most: number, tell: CountCalls) {
    this.#most = most;
    this.#tell = tell;
    this.#step = Math.max(1, Math.floor(most / 50));
  }

  count(hash: string): Standing {
    const minute = this.#minuteOf(hash);
    const { until_ms } = minute;
    const left = this.#most - minute.made - minute.elsewhere;
    if (left <= 0) return { is_taken: false, left: 0, until_ms };
    minute.made += 1;
    if (minute.made - minute.told >= this.#step && !minute.isTelling) void this.#tellOf(hash, minute);
    return { is_taken: true, left: left - 1, until_ms };
  }

  #minuteOf(hash: string): Minute {
    const now = Date.now();
    const known = this.#minutes.get(hash);
    if (known && known.until_ms > now) return known;
    this.#minutes.delete(hash);
    const [oldest] = this.#minutes.size >= mostCredentials ? this.#minutes.keys() : [];
    if (oldest !== undefined) this.#minutes.delete(oldest);
    const begun = { made: 0, told: 0, elsewhere: 0, until_ms: now + minute_ms, isTelling: false };
    this.#minutes.set(hash, begun);
    return begun;
  }

  async #tellOf(hash: string, minute: Minute): Promise<void> {
    minute.isTelling = true;
    const before = minute.told;
    const made = minute.made - before;
    try {
      const { calls, left_ms } = await this.#tell(hash, made);
      const until_ms = Date.now() + left_ms;
      // The minute of all has ended since the last time, and another one began with these calls.
      const isNext = before > 0 && calls === made && until_ms > minute.until_ms + 1000;
      if (isNext) minute.made -= before;
      minute.told = isNext ? made : before + made;
      minute.elsewhere = Math.max(0, calls - minute.told);
      minute.until_ms = until_ms;
    } catch {
      // Told with the next ones.
    } finally {
      minute.isTelling = false;
    }
  }
}
