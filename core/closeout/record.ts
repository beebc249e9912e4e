import { z } from 'zod';
import { attributeDetails, attributeValue, proposedAttribute } from '../extraction/record.ts';
import { sql } from '../kernel/database/sql.ts';
import {
  boolean,
  choice,
  list,
  longText,
  moment,
  money,
  number,
  own,
  ref,
  text,
} from '../kernel/records/field.ts';
import { defineRecord, type RowIn } from '../kernel/records/record.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { type NextService, nextServices } from '../tickets/next-service.ts';
import { finalLine } from '../tickets/work.ts';
import { enqueueAgain } from './extraction-job.ts';

/** The steps in their order (CLO-04…10); each is seen before it is passed (CLO-11). */
export const steps = ['work', 'notes', 'next', 'review', 'payment', 'done'] as const;
export type Step = (typeof steps)[number];

/** What is known of the facts in the notes: read, still to be read, or nobody could. */
export const extractionStates = ['none', 'pending', 'done', 'failed'] as const;
export type ExtractionState = (typeof extractionStates)[number];

/** Money a technician takes at the door; the office checks it. */
export const paymentMethods = ['cash', 'check', 'card'] as const;

export const paymentChoices = ['send_invoice', 'skip', 'at_door', 'card_now'] as const;

/** What belongs to the choice of what follows. */
const nextDetails = z.object({
  reach_out_months: z.number().optional(),
  appointment: z
    .object({
      scheduled_at: z.string(),
      duration_minutes: z.number().optional(),
      technician_ids: z.array(z.string()).optional(),
      notify_customer: z.boolean().optional(),
    })
    .optional(),
});

/**
 * The close-out one person is at, or has done (CFL-31): who closes out what, and how far they are. Nothing of it is in the
 * ticket before it is completed. Technicians see their own.
 */
export const sessionRecord = defineRecord({
  name: 'closeout_session',
  plural: 'closeout_sessions',
  noun: 'close-out',
  domain: 'closeout',
  summary: 'Close-outs under way and done: who, which visit, what was confirmed, how it is paid.',
  keywords: ['close-out', 'half done', 'technician form'],
  fields: {
    ticket_id: ref('ticket', { filled: true, writable: false, list: true, filter: true }),
    member_id: ref('member', { filled: true, writable: false, list: true, filter: true }),
    duration_minutes: number({ writable: false }),
    lines: list(finalLine, { writable: false }),
    total_cents: money({ writable: false }),
    lines_digest: text({ writable: false }),
    work_confirmed_at: moment({ writable: false, list: true }),
    notes: longText({ writable: false }),
    notes_at: moment({ writable: false, list: true }),
    extraction_status: choice(extractionStates, { default: 'none', writable: false }),
    extracted_by: choice(['rules', 'llm'], { writable: false }),
    attributes: list(proposedAttribute, { default: [], writable: false }),
    next_service: choice(nextServices, { writable: false, list: true }),
    next_details: own(nextDetails, 'jsonb', { default: {}, writable: false }),
    next_service_at: moment({ writable: false }),
    reviewed_attributes: list(proposedAttribute, { writable: false }),
    is_reviewed_offline: boolean({ default: false, writable: false }),
    completed_at: moment({ writable: false, list: true }),
    note_id: ref('note', { writable: false }),
    next_ticket_id: ref('ticket', { writable: false }),
    message_id: ref('scheduled_message', { writable: false }),
    payment_choice: choice(paymentChoices, { writable: false, list: true }),
    payment_reason: longText({ writable: false }),
    payment_at: moment({ writable: false }),
    payment_method: choice(paymentMethods, { writable: false, list: true }),
    payment_cents: money({ writable: false, list: true }),
    check_number: text({ writable: false, list: true }),
    payment_checked_at: moment({ writable: false }),
    payment_checked_by: ref('member', { writable: false }),
    invoice_id: ref('invoice', { writable: false }),
  },
  lists_created_at: true,
  async queueAgain(context, id) {
    await enqueueAgain(context, await findRow(context, sessionRecord, id));
  },
  filters: {
    open: { summary: 'begun and not completed', where: sql`completed_at is null` },
    unpaid: {
      summary: 'completed, and nobody has said how it is paid',
      where: sql`completed_at is not null and payment_at is null`,
    },
    unchecked: {
      summary: 'money was taken at the door, and the office has not checked it yet',
      where: sql`payment_cents is not null and payment_checked_at is null`,
    },
  },
  readers: ['owner', 'admin', 'member', 'technician'],
  restrict: ({ actor }) =>
    actor.role === 'technician' && actor.id !== null ? sql`member_id = ${actor.id}::uuid` : undefined,
  actions: {},
});

export type Session = RowIn<typeof sessionRecord>;

/** A fact as the review shows it: `pet: dog (name: Biscuit)`. */
export const shownFact = z.object({
  key: z.string(),
  value: attributeValue,
  details: attributeDetails.optional(),
  shown: z.string(),
});

/** Where a close-out is: what the step that is due shows, and what was confirmed before it. */
export const closeoutAnswer = z.object({
  ticket_id: z.string(),
  reference: z.string(),
  ticket_status: z.string(),
  /** Said of a visit somebody else closed or cancelled meanwhile. */
  ended: z.string().nullable(),
  customer: z.string(),
  customer_email: z.string().nullable(),
  address: z.string().nullable(),
  scheduled_local: z.string(),
  currency: z.string(),
  is_price_estimated: z.boolean(),
  /** Planned for a day to come, and nobody has said that it is done all the same. */
  is_early: z.boolean(),
  started_at: z.string().nullable(),
  step: z.enum(steps),
  work: z.object({
    duration_minutes: z.number(),
    /** From the clock, as planned, or as confirmed. */
    duration_from: z.enum(['clock', 'plan', 'confirmed']),
    clocked: z.array(z.object({ technician: z.string(), from: z.string(), to: z.string().nullable() })),
    lines: z.array(finalLine),
    total_cents: z.number(),
    /** What the lines of the visit are now; handed back with confirm_work, it tells whether they still are. */
    seen: z.string(),
    /** The lines were changed after they had been confirmed here. */
    is_outdated: z.boolean(),
  }),
  notes: z.string().nullable(),
  extraction_status: z.enum(extractionStates),
  extracted_by: z.enum(['rules', 'llm']).nullable(),
  attributes: z.array(shownFact),
  next_service: z.enum(nextServices).nullable(),
  reach_out_months: z.number().nullable(),
  appointment_local: z.string().nullable(),
  appointment: z.record(z.string(), z.unknown()).nullable(),
  /** Tells what was reviewed from everything else; handed back with complete. Null before the review is due. */
  review: z.string().nullable(),
  completed_at: z.string().nullable(),
  note_id: z.string().nullable(),
  next_ticket_id: z.string().nullable(),
  message_id: z.string().nullable(),
  /** When the mail of reach_out goes out. */
  message_local: z.string().nullable(),
  payment_choice: z.enum(paymentChoices).nullable(),
  /** What was taken at the door. */
  payment_method: z.enum(paymentMethods).nullable(),
  payment_cents: z.number().nullable(),
  check_number: z.string().nullable(),
  invoice_id: z.string().nullable(),
  /** Whether bills are paid on a page at all, so that a customer can do it on their own phone. */
  is_paid_online: z.boolean(),
  /** The bill of the visit, to be paid at its page; null when there is none, or none can be paid any more. */
  bill: z
    .object({
      reference: z.string(),
      status: z.string(),
      total_cents: z.number(),
      due_cents: z.number(),
      /** Leads to its page; pages make the address of it. */
      link_id: z.string().nullable(),
    })
    .nullable(),
});
export type CloseoutAnswer = z.input<typeof closeoutAnswer>;

/** The step a close-out is due at. Work whose lines were changed since is confirmed again. */
export function stepOf(session: Session | undefined, linesDigest: string): Step {
  if (session?.completed_at) return session.payment_at === null ? 'payment' : 'done';
  if (!session?.work_confirmed_at || session.lines_digest !== linesDigest) return 'work';
  if (session.notes_at === null) return 'notes';
  return session.next_service_at === null ? 'next' : 'review';
}

/** What follows, as it was chosen; undefined before. */
export function nextOf({ next_service, next_details }: Session): NextService | undefined {
  return next_service === null ? undefined : { next_service, ...next_details };
}
