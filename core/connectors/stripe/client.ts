import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { explain, Missing, unreadable } from './trouble.ts';

export interface StripeSettings {
  /** Another place than Stripe's own: a proxy, or a stand-in of the tests. */
  baseUrl?: string;
  timeoutMs?: number;
}

/** Well below the lease of a job (60 s), so that no second worker asks what the first one still waits for. */
const patience = 20_000;

/** What one of our requests asks of the client. */
export type Asks<T> = (stripe: Stripe) => Promise<T>;

/** Asks Stripe with the key of one business. */
export interface Asker {
  /** Throws RetryLater, AllBusy or PermanentFailure. */
  ask<S extends z.ZodType>(answer: S, request: Asks<unknown>): Promise<z.output<S>>;
  /** The same; undefined for what Stripe does not have. */
  look<S extends z.ZodType>(answer: S, request: Asks<unknown>): Promise<z.output<S> | undefined>;
}

/** The version of the API the package is made for; another one would answer in other shapes. */
const apiVersion = '2026-10-28.endive';

/** Loaded by the first request: most processes of an installation never ask. */
async function load(key: string, { baseUrl, timeoutMs = patience }: StripeSettings): Promise<Stripe> {
  const { default: Client } = await import('stripe');
  const place = baseUrl === undefined ? undefined : new URL(baseUrl);
  return new Client(key, {
    apiVersion,
    // The worker tries again, and knows when.
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    ...(place
      ? {
          protocol: place.protocol === 'http:' ? ('http' as const) : ('https' as const),
          host: place.hostname,
          port: place.port || (place.protocol === 'http:' ? '80' : '443'),
        }
      : {}),
  });
}

/** Whoever asks with this key. Reaches nothing before the first request. */
export function openAsker(key: string, settings: StripeSettings): Asker {
  let client: Promise<Stripe> | undefined;
  const ask: Asker['ask'] = async (answer, request) => {
    client ??= load(key, settings);
    const stripe = await client;
    const given = await request(stripe).catch(error => {
      throw explain(error);
    });
    const read = answer.safeParse(given);
    if (!read.success) throw unreadable();
    return read.data;
  };
  return {
    ask,
    look: (answer, request) =>
      ask(answer, request).catch(error => {
        if (error instanceof Missing) return undefined;
        throw error;
      }),
  };
}
