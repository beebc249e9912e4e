import { z } from 'zod';

/** What a message is for (EML-06). Each but `other` is written by a flow of its own. */
export const messageKinds = [
  'confirmation',
  'confirmation_follow_up',
  'reminder',
  'moved',
  'cancellation',
  'change_accepted',
  'change_offer',
  'waitlist_offer',
  'waitlist_taken',
  'outreach',
  'invoice',
  'overdue',
  'receipt',
  'statement',
  'quote',
  'quote_expired',
  'welcome',
  'other',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/**
 * What we write of our own accord: it does not go to whoever asked not to be written to (GAP-13, EML-14), and says how to
 * stop it, while what is about a visit or a bill goes to everybody. Nobody knows what `other` is about.
 */
export const unaskedKinds = [
  'outreach',
  'other',
  'welcome',
  'waitlist_offer',
] as const satisfies readonly MessageKind[];

/** What a caller may write itself: everything else is written by the flow it belongs to. */
export const freeKinds = ['outreach', 'other'] as const satisfies readonly MessageKind[];

export const isFree = (kind: MessageKind): boolean => freeKinds.some(free => free === kind);

export const isUnasked = (kind: MessageKind): boolean => unaskedKinds.some(unasked => unasked === kind);

/** What asks for money or thanks for it: it brings the bill along, to print and to keep. */
export const bringsPaper = (kind: MessageKind): boolean => ['invoice', 'overdue', 'receipt'].includes(kind);

/** What says when we come, or that we do not: it brings the visit along for the calendar of its customer. */
const kindsForCalendars: readonly MessageKind[] = [
  'confirmation',
  'moved',
  'change_accepted',
  'cancellation',
];
export const isForCalendars = (kind: MessageKind): boolean => kindsForCalendars.includes(kind);

/** Only the times of a visit have a text that may go to somebody new; everything else waits for a person (decision 016). */
export const isFixed = (kind: MessageKind): boolean =>
  ['confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'cancellation'].includes(kind);

/**
 * A draft waits for a person. Pending until its time; then handed to the outbox (sending), and sent or failed as that ends
 * (GAP-15).
 */
export const messageStatuses = [
  'draft',
  'pending',
  'sending',
  'sent',
  'skipped',
  'cancelled',
  'failed',
] as const;

/**
 * What the mail service says of a mail after it has taken it, in the order of its weight: each outdoes those before it, in
 * whatever order they are heard of.
 */
export const deliveries = ['delayed', 'delivered', 'failed', 'suppressed', 'bounced', 'complained'] as const;
export type Delivery = (typeof deliveries)[number];

/** A link that is made when the mail goes out: what it is for, and what stands behind its address (`?answer=accept`). */
export const plannedLink = z.object({
  purpose: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  query: z.string().default(''),
});
export type PlannedLink = z.infer<typeof plannedLink>;
