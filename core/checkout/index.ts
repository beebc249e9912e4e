import { defineDomain } from '../kernel/registry/domain.ts';
import { recordEvent } from '../payments/record-event.ts';
import { recordRefund } from '../payments/record-refund.ts';
import { closePageJob } from './close-page.ts';
import { openFirstPageJob } from './first-page.ts';
import { refundJob } from './refund-job.ts';
import { stripeKey, stripeWebhookSecret } from './secrets.ts';
import { receiptsOnline } from './settings.ts';
import { stripeWebhook } from './stripe-webhook.ts';
import { syncSetupJob } from './sync-setup-job.ts';

/** Bills that are paid at Stripe. `invoice.open_checkout` stands with the other things that are done to bills. */
export const checkout = defineDomain({
  name: 'checkout',
  area: 'money',
  summary: 'Bills that are paid by card or bank at Stripe.',
  actions: [recordEvent, recordRefund],
  settings: [receiptsOnline],
  webhooks: [stripeWebhook],
  secrets: [stripeKey, stripeWebhookSecret],
  jobs: [openFirstPageJob, syncSetupJob, closePageJob, refundJob],
});
