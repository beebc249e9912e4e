import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FakeStripe } from './server.ts';

/** Opens the stand-in for the tests of a file. A request or answer that breaks the contract fails the test that made it. */
export function useStripe(): FakeStripe {
  const stripe = new FakeStripe();
  beforeAll(() => stripe.open());
  afterEach(() => {
    const { breaches } = stripe;
    Object.assign(stripe, { requests: [], answers: [], breaches: [] });
    expect(breaches).toEqual([]);
  });
  afterAll(() => stripe.close());
  return stripe;
}
