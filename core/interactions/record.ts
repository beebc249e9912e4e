import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { customFields, freeText, rowFacts } from '../kernel/words/text-schemas.ts';
import { moment } from '../kernel/words/time.ts';

export const interactionTypes = [
  'email_inbound',
  'email_outbound',
  'phone_call',
  'sms',
  'meeting',
  'note',
  'system',
] as const;
export type InteractionType = (typeof interactionTypes)[number];

export const directions = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof directions)[number];

export const outcomes = [
  'none',
  'left_voicemail',
  'spoke',
  'no_show',
  'rescheduled',
  'sent_proposal',
  'accepted_proposal',
  'rejected_proposal',
] as const;

export const followUpStatuses = ['none', 'pending', 'completed', 'canceled'] as const;

/** What was said with whom, on which way, and what has to follow (INT-01). */
export const interactionRow = z.object({
  id: z.string(),
  reference: z.string(),
  type: z.enum(interactionTypes),
  direction: z.enum(directions),
  occurred_at: z.string(),
  actor_user_id: z.string().nullable(),
  owner_user_id: z.string().nullable(),
  contact_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  ticket_id: z.string().nullable(),
  subject: z.string().nullable(),
  body: z.string().nullable(),
  channel_metadata: z.record(z.string(), z.unknown()),
  outcome: z.enum(outcomes),
  follow_up_at: z.string().nullable(),
  follow_up_status: z.enum(followUpStatuses),
  ai_summary: z.string().nullable(),
  ai_suggested_next_actions: z.array(z.string()).nullable(),
  is_auto_generated: z.boolean(),
  custom_fields: z.record(z.string(), z.unknown()),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Interaction = z.infer<typeof interactionRow>;

export const interactionColumns = {
  id: 'uuid',
  reference: 'text',
  type: 'text',
  direction: 'text',
  occurred_at: 'timestamptz',
  actor_user_id: 'uuid',
  owner_user_id: 'uuid',
  contact_id: 'uuid',
  lead_id: 'uuid',
  ticket_id: 'uuid',
  subject: 'text',
  body: 'text',
  channel_metadata: 'jsonb',
  outcome: 'text',
  follow_up_at: 'timestamptz',
  follow_up_status: 'text',
  ai_summary: 'text',
  ai_suggested_next_actions: 'jsonb',
  is_auto_generated: 'boolean',
  custom_fields: 'jsonb',
  deleted_at: 'timestamptz',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

const subject = z.string().trim().min(1).max(300).meta({ free_text: true });

/** Facts of the channel: message_id and thread_id of a mail, duration of a call, event_id of a meeting. */
const channelMetadata = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/),
    z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(320)).max(100)]),
  )
  .refine(facts => Object.keys(facts).length <= 30, 'at most 30 facts');

export const interactionWritable = z.strictObject({
  type: z.enum(interactionTypes),
  direction: z.enum(directions).optional(),
  occurred_at: moment.optional(),
  contact_id: ref('contact').optional(),
  lead_id: ref('lead').optional(),
  ticket_id: ref('ticket').optional(),
  subject: subject.optional(),
  body: freeText.optional(),
  outcome: z.enum(outcomes).optional(),
  follow_up_at: moment.optional(),
  owner_user_id: ref('member').optional(),
  actor_user_id: ref('member').optional(),
  channel_metadata: channelMetadata.optional(),
  ai_summary: freeText.optional(),
  ai_suggested_next_actions: z.array(z.string().trim().min(1).max(300)).max(10).optional(),
  custom_fields: customFields.optional(),
});
