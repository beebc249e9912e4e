import { readResendEvent, verifyResend } from '../connectors/email/resend-events.ts';
import type { SecretSpec } from '../kernel/outside/seal.ts';
import { defineWebhook } from '../kernel/outside/webhooks.ts';
import { findMailOwner } from './queries.ts';

export const resendSecret: SecretSpec = {
  name: 'resend_webhook',
  summary: 'The signing secret of the webhook at Resend (whsec_…), from its page Webhooks.',
};

/** What Resend tells of our mail: delivered, late, bounced, complained about. */
export const resendWebhook = defineWebhook({
  provider: 'resend',
  summary: 'what became of e-mails sent through Resend',
  secret: resendSecret.name,
  verify: verifyResend,
  identify: readResendEvent,
  ownerOf: findMailOwner,
  action: 'message.record_event',
});
