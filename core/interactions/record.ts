import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import {
  boolean,
  choice,
  customFields,
  list,
  longText,
  moment,
  own,
  ref,
  text,
} from '../kernel/records/field.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';

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

const subject = z.string().trim().min(1).max(300);

/** Facts of the channel: message_id and thread_id of a mail, duration of a call, event_id of a meeting. */
const channelMetadata = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,62}$/),
    z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(320)).max(100)]),
  )
  .refine(facts => Object.keys(facts).length <= 30, 'at most 30 facts');

/** How an interaction stands in the timeline of whom it is with. */
const inTimeline: TimelineEntry = {
  kind: 'interaction',
  at: sql`r.occurred_at`,
  what: sql`concat_ws(' ', r.type, r.direction, nullif(r.outcome, 'none'))`,
  text: sql`concat_ws(': ', r.subject, r.body)`,
  actor: 'actor_user_id',
};

/** How a customer or a lead shows what was said with them. */
const shown = {
  as: 'interactions',
  summary: 'calls, mails, meetings, newest first',
  order: '-occurred_at',
  shows: [
    'reference',
    'type',
    'direction',
    'occurred_at',
    'subject',
    'body',
    'outcome',
    'follow_up_at',
    'follow_up_status',
  ],
  on_delete: 'history',
  timeline: inTimeline,
} as const;

// How an inquiry came in is no history of it yet.
const isFurther = sql`exists (
  select 1
  from interactions as e
  where e.organization_id = r.organization_id and e.lead_id = r.lead_id and e.id < r.id and e.deleted_at is null
)`;

/** What was said with whom, on which way, and what has to follow (INT-01). */
export const interactionFields = {
  type: choice(interactionTypes, { required: true, list: true, filter: 'interaction_type' }),
  direction: choice(directions, { filled: true, list: true, filter: true }),
  occurred_at: moment({ filled: true, list: true, sort: true, filter: 'range', search: 'detail' }),
  actor_user_id: ref('member', { clear: false }),
  owner_user_id: ref('member', { clear: false }),
  contact_id: ref('contact', {
    ...shown,
    about: true,
    told_with_parent: true,
    clear: false,
    list: true,
    filter: true,
  }),
  lead_id: ref('lead', {
    ...shown,
    told_with_parent: true,
    noun: 'further interaction',
    counted: isFurther,
    list: true,
    filter: true,
  }),
  ticket_id: ref('ticket', { filter: true }),
  subject: text({ list: true, search: 'body', input: subject }),
  body: longText({ list: true, search: 'body' }),
  channel_metadata: own(z.record(z.string(), z.unknown()), 'jsonb', { default: {}, input: channelMetadata }),
  outcome: choice(outcomes, { default: 'none', list: true, filter: true }),
  follow_up_at: moment({ list: true }),
  follow_up_status: choice(followUpStatuses, { default: 'none', writable: false, list: true, filter: true }),
  ai_summary: longText({ search: 'body' }),
  ai_suggested_next_actions: list(z.string(), { input: z.array(z.string().trim().min(1).max(300)).max(10) }),
  is_auto_generated: boolean({ default: false, writable: false }),
  custom_fields: customFields(),
};

export type Interaction = RowOf<typeof interactionFields, { delete: PlainAction }, Numbering>;
