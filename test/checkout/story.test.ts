import { expect, test } from 'vitest';
import { closedVisit, mailsTo } from '../invoices/billing.ts';
import { useOnline } from './online.ts';

const online = useOnline();

/** The token of the payer's link of a bill, as it stands in the address that Stripe leads back to. */
const tokenIn = (address: unknown): string => /\/pay\/([\w-]+)/.exec(String(address))?.[1] ?? '';

test('a visit is billed, paid at Stripe by card, and thanked for', async () => {
  const { panes, account, work, tell, list, bill, stripe } = online();
  const { done, dana } = panes;
  const ticket_id = await closedVisit(panes);
  const { reference } = await done(dana, 'invoice.create_from_ticket', { ticket_id });
  const invoice_id = String(reference);
  await done(dana, 'invoice.send', { invoice_id });

  // The mail does not wait for Stripe; payer and page are made behind it.
  expect(await mailsTo(panes, 'jane.smith@example.com')).toHaveLength(1);
  expect(stripe.requests).toEqual([]);
  expect(await work()).toMatchObject([
    { kind: 'open_payment_page', outcome: { open_until: expect.any(String) } },
  ]);
  const [customer] = account.list('customer');
  expect(customer).toMatchObject({ name: 'Jane Smith', email: 'jane.smith@example.com' });
  const [first] = account.list('checkout.session');
  expect(first).toMatchObject({
    amount_total: 66_200,
    currency: 'usd',
    customer: customer?.id,
    client_reference_id: invoice_id,
    metadata: { invoice: invoice_id, business: 'bright-panes' },
    status: 'open',
  });
  const token = tokenIn(first?.success_url);
  expect(first?.cancel_url).toMatch(new RegExp(`/pay/${token}$`));
  expect(first?.success_url).toMatch(/\?came=paid$/);

  // Jane presses Pay, by the link in her mail: the same page.
  const pressed = await done({ via: 'link', token }, 'invoice.open_checkout', { invoice_id });
  expect(pressed).toMatchObject({ checkout_url: first?.url, amount_cents: 66_200, currency: 'USD' });
  expect(account.list('checkout.session')).toHaveLength(1);

  // She comes back, and nothing is believed before Stripe has told us.
  const event = account.payByCard(String(first?.id));
  expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  expect((await tell(event)).status).toBe(200);
  expect(await bill(invoice_id)).toMatchObject({ status: 'sent' });
  await work();
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  const [payment] = await list('payments');
  expect(payment).toMatchObject({ amount_cents: 66_200, method: 'card', status: 'succeeded' });

  // The bill says what Stripe calls all of it.
  const names = ['checkout_session', 'payment_intent', 'charge', 'customer'].map(word => `stripe_${word}_id`);
  const [known] = await panes.read(panes.olivia, 'invoices', { id: invoice_id, fields: names });
  expect(known).toMatchObject({
    stripe_checkout_session_id: first?.id,
    stripe_payment_intent_id: account.list('payment_intent')[0]?.id,
    stripe_charge_id: account.list('charge')[0]?.id,
    stripe_customer_id: customer?.id,
  });

  // What became of the event stands beside it, and Jane has a receipt.
  expect(await list('webhook_events')).toMatchObject([
    {
      type: 'checkout.session.completed',
      outcome: 'done',
      said: expect.stringMatching(/^INV-2026-001: \$662\.00 came by card, PAY-1\. Receipt: mailed to/),
      about_type: 'invoice',
      error: null,
    },
  ]);
  const [receipt] = await mailsTo(panes, 'jane.smith@example.com');
  expect(JSON.stringify(receipt)).toContain('$662.00');

  // The history says who wrote it down.
  const history = await list('audit_log');
  expect(history).toContainEqual(
    expect.objectContaining({ entity_type: 'payment', actor_kind: 'webhook', actor_name: 'stripe' }),
  );
});
