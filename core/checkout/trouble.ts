import { PermanentFailure, RetryLater } from '../kernel/outside/delivery-failure.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

/** The business has no key of Stripe, nor has the installation. */
export const noKey = () =>
  new DeskhandError('INVALID_STATE', 'Nobody can pay online here: there is no key of Stripe.', {
    hint: 'The owner sets the secret stripe_secret_key; until then bills are paid otherwise.',
  });

/** What a failure of the service means to somebody who waits for the answer. */
export function told(error: unknown): unknown {
  if (error instanceof RetryLater) {
    return new DeskhandError('UNAVAILABLE', error.message, { hint: 'Try it again in a minute.' });
  }
  if (error instanceof PermanentFailure) {
    return new DeskhandError('UPSTREAM_ERROR', error.message, {
      hint: 'Paying online does not work for this bill; it can be paid otherwise.',
    });
  }
  return error;
}

/** What a refusal of a call means to the job that made it. */
export function asFailure(error: unknown): unknown {
  if (!(error instanceof DeskhandError)) return error;
  if (error.code === 'UNAVAILABLE') return new RetryLater(error.message, 0);
  return error.retryable && error.code !== 'UPSTREAM_ERROR' ? error : new PermanentFailure(error.message);
}
