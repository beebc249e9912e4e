import { ipKeyGenerator } from 'express-rate-limit';

/** How often something happened since its window began, and when that ends. */
export interface Window {
  count: number;
  until_ms: number;
}

/**
 * Counts by key in windows that begin with the first count. Kept in memory and by each process for itself: what these limits
 * lead to is a puzzle, a second look or a wait of seconds, so that a restart, which forgets them, opens nothing.
 */
export class Windows {
  // In the order in which the windows end, because every one begins when it is put in.
  readonly #windows = new Map<string, Window>();
  readonly #window_ms: number;
  readonly #most: number;

  constructor(window_ms: number, most = 100_000) {
    this.#window_ms = window_ms;
    this.#most = most;
  }

  count(key: string): Window {
    const known = this.find(key);
    if (known) {
      known.count += 1;
      return known;
    }
    const [oldest] = this.#windows.size >= this.#most ? this.#windows.keys() : [];
    if (oldest !== undefined) this.#windows.delete(oldest);
    const window = { count: 1, until_ms: Date.now() + this.#window_ms };
    this.#windows.set(key, window);
    return window;
  }

  find(key: string): Window | undefined {
    this.#forgetPast();
    return this.#windows.get(key);
  }

  #forgetPast(): void {
    const now = Date.now();
    for (const [key, { until_ms }] of this.#windows) {
      if (until_ms > now) return;
      this.#windows.delete(key);
    }
  }
}

/** Whom limits count an address as: with IPv6 a household or a machine has a whole /64. */
export const addressKey = (address: string): string => ipKeyGenerator(address, 64);

/** Seconds until a moment, for `Retry-After`. */
export const secondsUntil = (moment_ms: number): number =>
  Math.max(1, Math.ceil((moment_ms - Date.now()) / 1000));
