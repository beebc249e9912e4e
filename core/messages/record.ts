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

/** Pending until its time; then handed to the outbox (sending), and sent or failed as that ends (GAP-15). */
export const messageStatuses = ['pending', 'sending', 'sent', 'cancelled', 'failed'] as const;
