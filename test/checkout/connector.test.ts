import { beforeAll, describe, expect, test } from 'vitest';
import { openStripe } from '../../core/connectors/stripe/index.ts';
import { AllBusy, PermanentFailure, RetryLater } from '../../core/kernel/outside/delivery-failure.ts';
import type { NewCheckout, PaymentService } from '../../core/kernel/outside/payment-service.ts';
import { useStripe } from '../support/stripe/use.ts';

const stripe = useStripe();
const key = 'sk_test_bright';
let service: PaymentService;

const open = async (own: string, timeoutMs = 200_000): Promise<PaymentService> => {
  const opened = await openStripe({ baseUrl: stripe.url, timeoutMs }, async () => own)('a business');
  if (!opened) throw new Error('there is a key');
  return opened;
};

beforeAll(async () => {
  service = await open(key);
});

const jane = { id: 'contact-1', name: 'Jane Smith', email: 'jane@example.com' };

const pageFor = (payer: string, more: Partial<NewCheckout> = {}): NewCheckout => ({
  payer,
  reference: 'INV-2026-001',
  currency: 'USD',
  lines: [{ what: 'Window cleaning', quantity: 2, unit_cents: 7500 }],
  success_url: 'https://crm.example.com/pay/x?paid',
  cancel_url: 'https://crm.example.com/pay/x',
  expires_at: new Date(Date.now() + 23 * 3_600_000).toISOString(),
  notes: { invoice: 'INV-2026-001' },
  ...more,
});

test('nobody is asked for a business without a key', async () => {
  expect(await openStripe({ baseUrl: stripe.url }, async () => undefined)('a business')).toBeUndefined();
  expect(stripe.requests).toEqual([]);
});

test('a payer is made once, however often it is said', async () => {
  const first = await service.createPayer(jane, 'payer-1');
  expect(await service.createPayer(jane, 'payer-1')).toBe(first);
  expect(stripe.account(key).list('customer')).toHaveLength(1);
  expect(await service.readPayer(first)).toEqual({ id: first });
});

test('a payer whose name was corrected before anybody heard of the first try is still one', async () => {
  const first = await service.createPayer({ ...jane, id: 'contact-2' }, 'payer-2');
  const second = await service.createPayer({ ...jane, id: 'contact-2', name: 'Jane Smith-Hart' }, 'payer-2');
  expect(second).toBe(first);
  expect(stripe.account(key).objects.get(first)).toMatchObject({ name: 'Jane Smith-Hart' });
});

test('a payer who was deleted at Stripe is nobody', async () => {
  const id = await service.createPayer({ ...jane, id: 'contact-3' }, 'payer-3');
  stripe.account(key).deleteCustomer(id);
  expect(await service.readPayer(id)).toBeUndefined();
  await expect(service.createCheckout(pageFor(id), 'page-of-nobody')).rejects.toThrow('resource_missing');
});

describe('a page to pay at', () => {
  let payer = '';
  beforeAll(async () => {
    payer = await service.createPayer({ ...jane, id: 'contact-4' }, 'payer-4');
  });

  test('is opened as the contract wants it, and read as it stands', async () => {
    const page = await service.createCheckout(pageFor(payer), 'page-1');
    expect(page).toMatchObject({ status: 'open', amount_cents: 15000, currency: 'USD', payment: null });
    expect(stripe.requests.at(-1)?.params).toMatchObject({
      mode: 'payment',
      ui_mode: 'hosted_page',
      customer: payer,
      client_reference_id: 'INV-2026-001',
      allowed_payment_method_types: ['card', 'us_bank_account'],
      payment_intent_data: { metadata: { invoice: 'INV-2026-001' } },
    });
    expect(await service.readCheckout(page.id)).toEqual(page);
    expect(await service.readCheckout('cs_test_nobody')).toBeUndefined();
  });

  test('says what was paid there: by card at once, by bank after days, or not at all', async () => {
    const account = stripe.account(key);
    const [card, bank, bad, refused] = await Promise.all(
      ['card', 'bank', 'bad', 'refused'].map(way => service.createCheckout(pageFor(payer), `page-${way}`)),
    );
    if (!card || !bank || !bad || !refused) throw new Error('four pages');
    account.payByCard(card.id);
    expect(await service.readCheckout(card.id)).toMatchObject({
      status: 'complete',
      url: null,
      payment: { status: 'succeeded', amount_cents: 15000, currency: 'USD', method: 'card', failure: null },
    });
    account.payByBank(bank.id);
    expect((await service.readCheckout(bank.id))?.payment).toMatchObject({
      status: 'pending',
      method: 'bank_transfer',
    });
    account.bankPays(bank.id);
    expect((await service.readCheckout(bank.id))?.payment?.status).toBe('succeeded');
    account.payByBank(bad.id);
    account.bankRefuses(bad.id);
    expect((await service.readCheckout(bad.id))?.payment).toMatchObject({
      status: 'failed',
      failure: 'insufficient_funds',
    });
    account.declineCard(refused.id);
    const declined = await service.readCheckout(refused.id);
    expect(declined?.payment).toMatchObject({ status: 'none', failure: 'card_declined' });
    expect(await service.findCheckout(declined?.payment?.id ?? '')).toEqual(declined);
  });

  test('is closed once, and not when it was paid meanwhile', async () => {
    const page = await service.createCheckout(pageFor(payer), 'page-closed');
    expect(await service.expireCheckout(page.id)).toMatchObject({ status: 'expired' });
    expect(await service.expireCheckout(page.id)).toMatchObject({ status: 'expired' });
    const paid = await service.createCheckout(pageFor(payer), 'page-paid');
    stripe.account(key).payByCard(paid.id);
    expect(await service.expireCheckout(paid.id)).toMatchObject({ status: 'complete' });
  });

  test('asks for amounts as Stripe counts them', async () => {
    const askFor = async (currency: string, unit_cents: number) => {
      const lines = [{ what: 'Windows', quantity: 1, unit_cents }];
      const page = await service.createCheckout(pageFor(payer, { currency, lines }), `in-${currency}`);
      const { line_items } = stripe.requests.at(-1)?.params ?? {};
      expect(page).toMatchObject({ amount_cents: unit_cents, currency });
      return line_items;
    };
    expect(await askFor('JPY', 12000)).toMatchObject([
      { price_data: { currency: 'jpy', unit_amount: 12000 } },
    ]);
    expect(await askFor('KWD', 12340)).toMatchObject([{ price_data: { unit_amount: 12340 } }]);
    expect(await askFor('ISK', 4500)).toMatchObject([{ price_data: { unit_amount: 450000 } }]);
    await expect(askFor('KWD', 12345)).rejects.toThrow('to the hundredth only');
  });
});

describe('trouble at Stripe', () => {
  const said = (status: number, error: { type: string; code?: string; param?: string }, after?: string) => {
    const message = 'Invalid API Key provided: sk_test_bright and what a stranger wrote';
    stripe.answers.push({
      status,
      error: { ...error, message },
      ...(after === undefined ? {} : { headers: { 'retry-after': after } }),
    });
  };
  const trouble = (): Promise<Error> =>
    service.createPayer(jane, `trouble-${Math.random()}`).then(
      () => new Error('it was taken'),
      (error: Error) => error,
    );

  test('says in codes what is wrong, and nothing that Stripe or a stranger wrote', async () => {
    said(402, { type: 'card_error', code: 'card_declined' });
    expect(String(await trouble())).toBe('Error: Stripe refused it (402 card_declined).');
    stripe.answers.push({ status: 400, page: '<h1>sk_test_bright</h1>' });
    expect(String(await trouble())).not.toContain('sk_test');
  });

  test.each([
    ['too many requests', 429, { type: 'rate_limit_error', code: 'rate_limit' }, '7', AllBusy, 7],
    [
      'another request under way',
      409,
      { type: 'idempotency_error', code: 'idempotency_key_in_use' },
      undefined,
      RetryLater,
      5,
    ],
    ['trouble of its own', 500, { type: 'api_error' }, undefined, RetryLater, 0],
    ['a pause for work', 503, { type: 'api_error' }, '30', RetryLater, 30],
  ] as const)('%s means later', async (_, status, error, after, kind, seconds) => {
    said(status, error, after);
    const what = await trouble();
    expect(what).toBeInstanceOf(kind);
    expect(what).toMatchObject({ retry_after_seconds: seconds });
  });

  test.each([
    ['a key nobody knows', 401, { type: 'invalid_request_error' }],
    ['a key that may not', 403, { type: 'invalid_request_error' }],
    ['what it does not take', 400, { type: 'invalid_request_error', code: 'parameter_invalid_integer' }],
  ] as const)('%s means never', async (_, status, error) => {
    said(status, error);
    expect(await trouble()).toBeInstanceOf(PermanentFailure);
  });

  test('an answer that does not come, or is no answer, means later', async () => {
    const hasty = await open(key, 300);
    stripe.answers.push('silence', { status: 200, page: '{"received": true}' });
    await expect(hasty.createPayer(jane, 'silence')).rejects.toThrow('could not be reached');
    await expect(hasty.createPayer(jane, 'no answer')).rejects.toThrow(RetryLater);
  });

  test('what was done and not heard of is not done twice', async () => {
    const before = stripe.account(key).list('customer').length;
    // Its client tries a connection that broke once more by itself.
    stripe.answers.push('lost', 'lost');
    await expect(service.createPayer({ ...jane, id: 'contact-9' }, 'lost')).rejects.toThrow(RetryLater);
    await service.createPayer({ ...jane, id: 'contact-9' }, 'lost');
    expect(stripe.account(key).list('customer')).toHaveLength(before + 1);
  });

  test('another business sees nothing of it', async () => {
    const id = await service.createPayer({ ...jane, id: 'contact-10' }, 'payer-10');
    expect(await (await open('sk_test_clear')).readPayer(id)).toBeUndefined();
    expect(await service.readPayer(id)).toEqual({ id });
  });
});
