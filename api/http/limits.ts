import type { IncomingMessage } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { findCredential } from './credentials.ts';
import { traceOf } from './trace.ts';

export interface Limits {
  /** Calls of one credential in a minute; 600 when left out. */
  callsPerMinute?: number;
  /** Calls of one address in a minute with credentials that were never good here; 30 when left out. */
  badCallsPerMinute?: number;
  /** Inquiries that come from one address in a minute through forms of websites; as the route says when left out. */
  inquiriesPerAddress?: number;
  /** Inquiries that one form hands in in a minute; as the route says when left out. */
  inquiriesPerForm?: number;
}

const window_ms = 60_000;

/**
 * Finds the credential of a call and counts it: each credential has its own minute, and an address that shows wrong
 * credentials has a much shorter one, before the database is asked at all. A credential that was good lately passes,
 * so that nobody behind the same address is locked out by a neighbour. The answer throws RATE_LIMITED with
 * `retry_after_seconds`. Counted here and not by express-rate-limit's middleware, which needs Express around every call
 * of the API; each process counts for itself.
 */
export function limitCalls(cookieName: string, limits: Limits = {}): (request: IncomingMessage) => void {
  const { callsPerMinute = 600, badCallsPerMinute = 30 } = limits;
  const good = new RecentlyGood();
  const calls = new Minutes();
  const bad = new Minutes();
  return request => {
    const trace = traceOf(request);
    trace.credential = findCredential(request, cookieName);
    if (!trace.credential) return;
    const { hash } = trace.credential;
    if (!good.has(hash)) {
      const tried = bad.find(ipKeyGenerator(trace.ip));
      if (tried && tried.count >= badCallsPerMinute) {
        throw rateLimited('Too many calls with wrong credentials came from this address.', tried.until_ms);
      }
    }
    const made = calls.count(hash);
    if (made.count > callsPerMinute) {
      throw rateLimited(`More than ${callsPerMinute} calls in one minute are not taken.`, made.until_ms);
    }
    trace.ended = status => {
      if (showsGood(status)) good.add(hash);
      else if (status === 401) good.remove(hash);
      // An outage says nothing about the credential: whoever waits for its end is not locked out for another minute.
      if (status >= 300 && status < 500 && !good.has(hash)) bad.count(ipKeyGenerator(trace.ip));
    };
  };
}

/** Counts what comes in by forms, where nobody shows a credential. Both throw RATE_LIMITED. */
export function limitInquiries(limits: Limits = {}, most: { address: number; key: number }) {
  const { inquiriesPerAddress = most.address, inquiriesPerForm = most.key } = limits;
  const byAddress = new Minutes();
  const byForm = new Minutes();
  const count = (minutes: Minutes, key: string, most: number) => {
    const { count: made, until_ms } = minutes.count(key);
    if (made > most) throw rateLimited('Too many inquiries came in at once.', until_ms);
  };
  return {
    fromAddress: (request: IncomingMessage) =>
      count(byAddress, ipKeyGenerator(traceOf(request).ip), inquiriesPerAddress),
    // Anything may be sent as a key; its hash is short.
    ofForm: (key: string) => count(byForm, hashSecret(key), inquiriesPerForm),
  };
}

/**
 * Counts those who come from an address with a signature or a link that is worth nothing; throws RATE_LIMITED when they
 * are too many. Who brings a good one is never counted, and so nobody is locked out by a neighbour.
 */
export function limitWorthless({ badCallsPerMinute = 30 }: Limits = {}): (request: IncomingMessage) => void {
  const bad = new Minutes();
  return request => {
    const made = bad.count(ipKeyGenerator(traceOf(request).ip));
    if (made.count > badCallsPerMinute)
      throw rateLimited('Too much that is worth nothing came from here.', made.until_ms);
  };
}

/** Done, or refused by a record or a rule (CONFLICT, REASONING_REQUIRED …), which are asked after the credential. */
const showsGood = (status: number) => status < 300 || status === 409 || status === 422;

const rateLimited = (message: string, until_ms: number) =>
  new DeskhandError('RATE_LIMITED', message, {
    retry_after_seconds: Math.max(1, Math.ceil((until_ms - Date.now()) / 1000)),
    hint: 'Wait as many seconds as retry_after_seconds says, then go on.',
  });

/** The credentials that worked lately, ten thousand of them. */
class RecentlyGood {
  readonly #hashes = new Set<string>();

  has(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  add(hash: string): void {
    if (this.#hashes.has(hash)) return;
    const [oldest] = this.#hashes.size >= 10_000 ? this.#hashes : [];
    if (oldest !== undefined) this.#hashes.delete(oldest);
    this.#hashes.add(hash);
  }

  remove(hash: string): void {
    this.#hashes.delete(hash);
  }
}

interface Minute {
  count: number;
  until_ms: number;
}

/** Counts by key in minutes that begin with the first count. */
class Minutes {
  // In the order in which the minutes end, because every one begins when it is put in.
  readonly #minutes = new Map<string, Minute>();

  count(key: string): Minute {
    const known = this.find(key);
    if (known) {
      known.count += 1;
      return known;
    }
    const minute = { count: 1, until_ms: Date.now() + window_ms };
    this.#minutes.set(key, minute);
    return minute;
  }

  find(key: string): Minute | undefined {
    this.#forgetPast();
    return this.#minutes.get(key);
  }

  #forgetPast(): void {
    const now = Date.now();
    for (const [key, { until_ms }] of this.#minutes) {
      if (until_ms > now) return;
      this.#minutes.delete(key);
    }
  }
}
