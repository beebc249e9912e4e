import { createRequire } from 'node:module';
import { isIPv6 } from 'node:net';

const load = createRequire(import.meta.url);

/** How often something happened since its span began, and when that ends. */
export interface Span {
  count: number;
  until_ms: number;
}

/**
 * Counts by key in spans that begin with the first count. Kept in memory and by each process for itself: what these limits
 * lead to is a puzzle, a second look or a wait of seconds, so that a restart, which forgets them, opens nothing.
 */
export class Spans {
  // In the order in which the spans end, because every one begins when it is put in.
  readonly #spans = new Map<string, Span>();
  readonly #span_ms: number;
  readonly #most: number;

  constructor(span_ms: number, most = 100_000) {
    this.#span_ms = span_ms;
    this.#most = most;
  }

  /** Counts one, or as many as something costs. */
  count(key: string, cost = 1): Span {
    const known = this.find(key);
    if (known) {
      known.count += cost;
      return known;
    }
    const [oldest] = this.#spans.size >= this.#most ? this.#spans.keys() : [];
    if (oldest !== undefined) this.#spans.delete(oldest);
    const span = { count: cost, until_ms: Date.now() + this.#span_ms };
    this.#spans.set(key, span);
    return span;
  }

  find(key: string): Span | undefined {
    this.#forgetPast();
    return this.#spans.get(key);
  }

  #forgetPast(): void {
    const now = Date.now();
    for (const [key, { until_ms }] of this.#spans) {
      if (until_ms > now) return;
      this.#spans.delete(key);
    }
  }
}

/** Whom limits count an address as: with IPv6 a household or a machine has a whole /64. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  // Read for the first of them: it takes 1.3 MB, and most servers stand behind a proxy that comes by IPv4.
  const { ipKeyGenerator }: typeof import('express-rate-limit') = load('express-rate-limit');
  return ipKeyGenerator(address, 64);
}

/** Seconds until a moment, for `Retry-After`. */
export const secondsUntil = (moment_ms: number): number =>
  Math.max(1, Math.ceil((moment_ms - Date.now()) / 1000));
