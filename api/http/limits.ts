import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CountCalls } from '../../core/kernel/outside/call-counts.ts';
import { addressKey, Spans, secondsUntil } from '../../core/kernel/outside/spans.ts';
import { Turns } from '../../core/kernel/outside/turns.ts';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { CallLimit } from './call-limit.ts';
import { type Credential, findCredential } from './credentials.ts';
import { traceOf } from './trace.ts';

export interface Limits {
  /** Calls of one credential in a minute, by all processes together; 1,200 when left out. */
  callsPerMinute?: number;
  /** Calls of one address in a minute with credentials that were never good here; 30 when left out. */
  badCallsPerMinute?: number;
  /** How often one link of a customer is opened or pressed in a minute; 60 when left out. */
  linkUsesPerMinute?: number;
  /** Inquiries that come from one address in a minute through forms of websites; as the route says when left out. */
  inquiriesPerAddress?: number;
  /** Inquiries that one form hands in in a minute; as the route says when left out. */
  inquiriesPerForm?: number;
  /** How often one feed is read in a minute; 30 when left out. */
  feedsPerMinute?: number;
}

const minute_ms = 60_000;
/** Credentials of one address that are looked up at the same time while wrong ones come from there. */
const lookUps = { atOnce: 2, waiting: 1_000 };

/** Under what name a credential is counted; undefined for its own: tokens come and go, their connection stays. */
export type CountsAs = (hash: string) => string | undefined;

/** Whether a credential is good; throws what else went wrong. */
export type IsGood = (credential: Credential) => Promise<boolean>;

/** Where credentials are found, whether they are good, and who counts the calls of which. */
interface Counting {
  cookieName: string;
  isGood: IsGood;
  countCalls: CountCalls;
  countsAs?: CountsAs | undefined;
}

/**
 * Finds the credential of a call and counts it: each has its own minute. From an address that shows wrong ones nothing
 * new is taken on trust: it is looked up first, few at a time, and only a wrong one is sent away. So whoever tries keys is
 * slowed down, and nobody behind the same address is locked out by a neighbour, not even right after a restart. Throws
 * RATE_LIMITED with `retry_after_seconds`; answers a promise when it has to look something up. Every answer says how many calls
 * are left and for how long (`RateLimit`, `RateLimit-Policy`). Counted here and not by express-rate-limit's middleware, which
 * needs Express around every call of the API.
 */
export function limitCalls(
  { cookieName, isGood, countCalls, countsAs = () => undefined }: Counting,
  limits: Limits = {},
): (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined {
  const { callsPerMinute = 1200, badCallsPerMinute = 30 } = limits;
  const good = new RecentlyGood();
  const calls = new CallLimit(callsPerMinute, countCalls);
  const policy = `"calls";q=${callsPerMinute};w=60`;
  const bad = new Spans(minute_ms);
  const turns = new Turns(lookUps);
  return (request, response) => {
    const trace = traceOf(request);
    const credential = findCredential(request, cookieName);
    trace.credential = credential;
    if (!credential) return undefined;
    const { hash } = credential;
    const address = addressKey(trace.ip);
    const { is_taken, left, until_ms } = calls.count(countsAs(hash) ?? hash);
    response.setHeader('ratelimit-policy', policy);
    response.setHeader('ratelimit', `"calls";r=${left};t=${secondsUntil(until_ms)}`);
    if (!is_taken)
      throw rateLimited(`More than ${callsPerMinute} calls in one minute are not taken.`, until_ms);
    trace.ended = status => {
      if (showsGood(status)) good.add(hash);
      else if (status === 401) good.remove(hash);
      // An outage says nothing about the credential: whoever waits for its end is not looked up for another minute.
      if (status >= 300 && status < 500 && !good.has(hash)) bad.count(address);
    };
    const tried = good.has(hash) ? undefined : bad.find(address);
    if (!tried || tried.count < badCallsPerMinute) return undefined;
    const refuse = () =>
      rateLimited('Too many calls with wrong credentials came from this address.', tried.until_ms);
    return turns.take(address, refuse, async () => {
      if (!good.has(hash) && !(await isGood(credential))) throw refuse();
      good.add(hash);
    });
  };
}

/** Counts what comes in by forms, where nobody shows a credential; answers how many times too much it is, 0 when it is not. */
export function limitInquiries(limits: Limits = {}, most: { address: number; key: number }) {
  const { inquiriesPerAddress = most.address, inquiriesPerForm = most.key } = limits;
  const byAddress = new Spans(minute_ms);
  const byForm = new Spans(minute_ms);
  const answered = new Spans(minute_ms);
  return {
    excess: (request: IncomingMessage, key: string): number => {
      const ofAddress = byAddress.count(addressKey(traceOf(request).ip)).count / inquiriesPerAddress;
      // Anything may be sent as a key; its hash is short.
      const ofForm = byForm.count(hashSecret(key)).count / inquiriesPerForm;
      const excess = Math.max(ofAddress, ofForm);
      return excess > 1 ? excess : 0;
    },
    /** A sum is no work for a program: no more come in by it than by the form itself. */
    takesAnswers: (key: string): boolean => answered.count(hashSecret(key)).count <= inquiriesPerForm,
  };
}

/**
 * Counts those who come from an address with a signature or a link that is worth nothing; throws RATE_LIMITED when they
 * are too many. Who brings a good one is never counted, and so nobody is locked out by a neighbour.
 */
export function limitWorthless({ badCallsPerMinute = 30 }: Limits = {}): (request: IncomingMessage) => void {
  const bad = new Spans(minute_ms);
  return request => {
    const made = bad.count(addressKey(traceOf(request).ip));
    if (made.count > badCallsPerMinute)
      throw rateLimited('Too much that is worth nothing came from here.', made.until_ms);
  };
}

/** Counts how often one link is opened or pressed; throws RATE_LIMITED when that is more than any person does. */
export function limitLinkUse({ linkUsesPerMinute = 60 }: Limits = {}): (token: string) => void {
  const used = new Spans(minute_ms);
  return token => {
    const made = used.count(hashSecret(token));
    if (made.count > linkUsesPerMinute) throw rateLimited('This link was opened too often.', made.until_ms);
  };
}

/** Counts how often each feed is read, by its token; throws RATE_LIMITED. Programs ask every few minutes at most. */
export function limitFeeds({ feedsPerMinute = 30 }: Limits = {}): (token: string) => void {
  const reads = new Spans(minute_ms);
  return token => {
    const made = reads.count(hashSecret(token));
    if (made.count > feedsPerMinute)
      throw rateLimited(`A feed is read ${feedsPerMinute} times a minute at most.`, made.until_ms);
  };
}

/** Done, or refused by a record or a rule (CONFLICT, REASONING_REQUIRED …), which are asked after the credential. */
const showsGood = (status: number) => status < 300 || status === 409 || status === 422;

const rateLimited = (message: string, until_ms: number) =>
  new DeskhandError('RATE_LIMITED', message, {
    retry_after_seconds: secondsUntil(until_ms),
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
