import { z } from 'zod';
import { rowFacts } from '../kernel/words/text-schemas.ts';

/** What a message is for (EML-06). */
export const messageKinds = [
  'outreach',
  'confirmation',
  'reminder',
  'follow_up',
  'invoice',
  'other',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/**
 * What we write of our own accord: it does not go to whoever asked not to be written to (GAP-13, EML-14), while what is
 * about a visit or a bill goes to everybody. Nobody knows what `other` is about.
 */
export const unaskedKinds = ['outreach', 'other'] as const satisfies readonly MessageKind[];

/** Pending until its time; then handed to the outbox (sending), and sent or failed as that ends (GAP-15). */
export const messageStatuses = ['pending', 'sending', 'sent', 'cancelled', 'failed'] as const;

/**
 * What the mail service says of a mail after it has taken it, in the order of its weight: each outdoes those before it, in
 * whatever order they are heard of.
 */
export const deliveries = ['delayed', 'delivered', 'failed', 'suppressed', 'bounced', 'complained'] as const;
export type Delivery = (typeof deliveries)[number];

/** An e-mail to a customer that goes out at a time to come (EML-04, GAP-18). */
export const messageRow = z.object({
  id: z.string(),
  reference: z.string(),
  kind: z.enum(messageKinds),
  contact_id: z.string(),
  ticket_id: z.string().nullable(),
  subject: z.string(),
  body: z.string(),
  send_at: z.string(),
  status: z.enum(messageStatuses),
  sent_at: z.string().nullable(),
  sent_to: z.string().nullable(),
  /** Why it failed, or why it was not sent. */
  error: z.string().nullable(),
  provider_message_id: z.string().nullable(),
  delivery: z.enum(deliveries).nullable(),
  delivery_at: z.string().nullable(),
  /** Codes of the mail service. */
  delivery_reason: z.string().nullable(),
  ...rowFacts,
});
export type ScheduledMessage = z.infer<typeof messageRow>;

export const messageColumns = {
  id: 'uuid',
  reference: 'text',
  kind: 'text',
  contact_id: 'uuid',
  ticket_id: 'uuid',
  subject: 'text',
  body: 'text',
  send_at: 'timestamptz',
  status: 'text',
  sent_at: 'timestamptz',
  sent_to: 'text',
  error: 'text',
  provider_message_id: 'text',
  delivery: 'text',
  delivery_at: 'timestamptz',
  delivery_reason: 'text',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

/** A message with its time as people read it. Answers of the message actions. */
export const messageAnswer = messageRow.extend({ send_local: z.string() });
