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
