import { z } from 'zod';
import type { WebhookEvent, WebhookMessage } from '../../kernel/outside/webhooks.ts';

/**
 * The payload of an event, when Resend has signed it in the last five minutes; throws otherwise. The headers are those
 * of Svix, which sends for Resend.
 */
export async function verifyResend({ headers, body }: WebhookMessage, secret: string): Promise<unknown> {
  // Loaded by the first event.
  const { Resend } = await import('resend');
  // Nothing is sent with this key: checking a signature takes the webhook's own secret alone.
  const { webhooks } = new Resend('re_checks_signatures_only');
  const { 'svix-id': id = '', 'svix-timestamp': timestamp = '', 'svix-signature': signature = '' } = headers;
  return webhooks.verify({ payload: body, headers: { id, timestamp, signature }, webhookSecret: secret });
}

const payload = z.object({
  type: z.string().regex(/^[a-z_.]{1,60}$/),
  created_at: z.iso.datetime({ offset: true }),
  data: z.object({
    email_id: z.string().min(1).max(200),
    bounce: z.object({ type: z.string(), subType: z.string() }).partial().optional().catch(undefined),
    failed: z.object({ reason: z.string() }).optional().catch(undefined),
    suppressed: z.object({ reason: z.string(), type: z.string() }).partial().optional().catch(undefined),
  }),
});

/** What each event says of a mail; others (opened, clicked, scheduled) say nothing we keep. */
const meanings = new Map(
  Object.entries({
    'email.delivered': 'delivered',
    'email.delivery_delayed': 'delayed',
    'email.bounced': 'bounced',
    'email.complained': 'complained',
    'email.failed': 'failed',
    'email.suppressed': 'suppressed',
  }),
);

/** An event as the core takes it; undefined for what is about no mail. */
export function readResendEvent(given: unknown, { headers }: WebhookMessage): WebhookEvent | undefined {
  const { data: event } = payload.safeParse(given);
  const event_id = headers['svix-id'];
  if (!event || !event_id || event_id.length > 200) return undefined;
  const { type, created_at: occurred_at, data: mail } = event;
  const delivery = meanings.get(type);
  const reason = reasonOf(mail);
  const sent_as = mail.email_id;
  return {
    event_id,
    type,
    object_id: sent_as,
    occurred_at,
    ...(delivery === undefined
      ? {}
      : {
          data: {
            sent_as,
            delivery,
            occurred_at,
            is_final: isFinal(mail.bounce?.type),
            ...(reason === '' ? {} : { reason }),
          },
        }),
  };
}

/** Whether a mail came back for good: a full mailbox or a server that was away may be different tomorrow. */
const isFinal = (type: string | undefined): boolean => type === undefined || type === 'Permanent';

// Codes alone: the sentences beside them are those of strangers' servers, and agents read these reasons.
function reasonOf({ bounce, failed, suppressed }: z.infer<typeof payload>['data']): string {
  const codes = [bounce?.type, bounce?.subType, failed?.reason, suppressed?.type, suppressed?.reason];
  return codes.filter(code => code !== undefined && /^\w{1,60}$/.test(code)).join(' ');
}
