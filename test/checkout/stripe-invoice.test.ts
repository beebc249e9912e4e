import { expect, test } from 'vitest';
import { mailsTo } from '../invoices/billing.ts';
import { payByCard } from '../support/stripe/invoices.ts';
import { billAtStripe, invoicesOf } from './bills.ts';
import { useOnline } from './online.ts';

const online = useOnline();

test('a bill is asked for by an invoice of Stripe’s, paid there, and thanked for', async () => {
  const { panes, account, stripe, tell, work, bill } = online();
  const before = (await mailsTo(panes, 'jane.smith@example.com')).length;
  const { invoice_id, at_stripe } = await billAtStripe(online());
  expect(account.find('invoice', at_stripe, 'invoice')).toMatchObject({
    number: invoice_id,
    status: 'open',
    collection_method: 'send_invoice',
    auto_advance: false,
    total: 66_200,
    currency: 'usd',
    metadata: { invoice: invoice_id, business: 'bright-panes' },
  });
  // The office writes the only mail: nobody is sent another one by Stripe.
  expect(await mailsTo(panes, 'jane.smith@example.com')).toHaveLength(before + 1);
  expect(stripe.requests.some(({ path }) => path.endsWith('/send'))).toBe(false);
  expect(account.list('checkout.session')).toEqual([]);

  expect((await tell(payByCard(account, at_stripe))).status).toBe(200);
  expect(await bill(invoice_id)).toMatchObject({ status: 'sent', paid_cents: 0 });
  await work();
  expect(await bill(invoice_id)).toMatchObject({ status: 'paid', paid_cents: 66_200 });
  const names = ['invoice_id', 'invoice_url', 'pdf_url', 'payment_intent_id', 'charge_id', 'customer_id'];
  const [known] = await panes.read(panes.olivia, 'invoices', {
    id: invoice_id,
    fields: [...names.map(name => `stripe_${name}`), 'last_synced_at'],
  });
  expect(known).toMatchObject({
    stripe_invoice_id: at_stripe,
    stripe_invoice_url: `${stripe.url}/i/${at_stripe}`,
    stripe_pdf_url: `${stripe.url}/i/${at_stripe}/pdf`,
    stripe_charge_id: account.list('charge')[0]?.id,
    stripe_customer_id: account.list('customer')[0]?.id,
    last_synced_at: expect.any(String),
  });
  expect(invoicesOf(online(), invoice_id)).toHaveLength(1);
});
