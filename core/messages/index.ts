import { defineDomain } from '../kernel/registry/domain.ts';
import { cancelMessage } from './cancel.ts';
import { checkDelivery } from './check-delivery.ts';
import { deliverEmail, deliverSignInEmail } from './email.ts';
import { outbox } from './outbox.ts';
import { draftsWait, failedWaits } from './queries.ts';
import { recordDelivery } from './record-delivery.ts';
import { recordEvent } from './record-event.ts';
import { resendSecret, resendWebhook } from './resend-webhook.ts';
import { retryJob } from './retry.ts';
import { scheduleAction } from './schedule.ts';
import { messageRecord } from './scheduled-message.ts';
import { sendDueMessage, sendPlannedWhenDue, sendWhenDue } from './send-due.ts';
import { sendMessageNow } from './send-now.ts';
import { agentMails } from './settings.ts';
import { unsubscribe, unsubscribeLink } from './unsubscribe.ts';
import { updateMessage } from './update.ts';

export const messages = defineDomain({
  name: 'message',
  area: 'messages',
  summary: 'What goes out: e-mails to customers, now and at a time to come, and their delivery.',
  records: [messageRecord],
  actions: [
    scheduleAction,
    updateMessage,
    cancelMessage,
    sendMessageNow,
    sendDueMessage,
    checkDelivery,
    recordDelivery,
    recordEvent,
    unsubscribe,
    retryJob,
  ],
  views: [outbox],
  waits: [draftsWait, failedWaits],
  settings: [agentMails],
  webhooks: [resendWebhook],
  secrets: [resendSecret],
  links: [unsubscribeLink],
  jobs: [sendWhenDue, sendPlannedWhenDue, deliverEmail, deliverSignInEmail],
  constraints: {
    jobs_dedupe: {
      code: 'CONFLICT',
      field: 'id',
      message: 'The same delivery was queued again meanwhile and waits already.',
    },
  },
});
