import { z } from 'zod';
import { AllBusy, PermanentFailure, RetryLater } from '../../kernel/outside/delivery-failure.ts';
import { PaymentRefused } from '../../kernel/outside/payment-service.ts';
import { secondsOf } from '../retry-after.ts';

/** What the service says it does not have: `resource_missing`. */
export class Missing extends PermanentFailure {
  /** The parameter that named it: `customer`. */
  readonly param: string | undefined;

  constructor(message: string, param: string | undefined) {
    super(message);
    this.param = param;
  }
}

/** Refused because of one parameter. */
export class RefusedAt extends PaymentRefused {
  readonly param: string;

  constructor(message: string, { code, param }: { code: string; param: string }) {
    super(message, code);
    this.param = param;
  }
}

/** It took this key before, with another request. */
export class OtherRequest extends PermanentFailure {}

const code = z
  .string()
  .regex(/^[\w.[\]-]{1,80}$/)
  .optional()
  .catch(undefined);
const refusal = z.object({
  statusCode: z.number().optional().catch(undefined),
  rawType: code,
  type: code,
  code,
  param: code,
  headers: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

export const unreadable = () => new RetryLater('Stripe answered something unreadable.', 0);

/** A moment is enough for a request that is under way somewhere else. */
const soon = 5;

/**
 * What an error of Stripe's client means to whoever asked. Only codes are passed on: its sentences name keys and hold texts of
 * strangers, and agents read ours.
 */
export function explain(error: unknown): Error {
  const { statusCode, rawType, type, code: reason, param, headers } = refusal.safeParse(error).data ?? {};
  if (statusCode === undefined) {
    return type === 'StripeConnectionError'
      ? new RetryLater('Stripe could not be reached in time.', 0)
      : unreadable();
  }
  const codes = [statusCode, reason ?? rawType, param].filter(part => part !== undefined).join(' ');
  const wait = headers?.['retry-after'];
  const seconds = secondsOf(typeof wait === 'string' ? wait : undefined);
  if (statusCode === 429 && reason !== 'lock_timeout')
    return new AllBusy(`Stripe takes no more for now (${codes}).`, seconds);
  if (statusCode === 409 || statusCode === 429)
    return new RetryLater(`Stripe is at it already (${codes}).`, soon);
  if (statusCode >= 500 || statusCode === 408)
    return new RetryLater(`Stripe has trouble (${codes}).`, seconds);
  if (statusCode === 401)
    return new PermanentFailure(
      `Stripe does not know our key (${codes}). Set the secret stripe_secret_key once more.`,
    );
  if (statusCode === 403)
    return new PermanentFailure(
      `Our key at Stripe may not do this (${codes}). Allow it there, or use another key.`,
    );
  if (reason === 'resource_missing' || statusCode === 404)
    return new Missing(`Stripe does not have it (${codes}).`, param);
  if (rawType === 'idempotency_error')
    return new OtherRequest(`Stripe took this before, otherwise (${codes}).`);
  const refused = reason ?? rawType ?? 'unknown';
  return param === undefined
    ? new PaymentRefused(`Stripe refused it (${codes}).`, refused)
    : new RefusedAt(`Stripe refused it (${codes}).`, { code: refused, param });
}
