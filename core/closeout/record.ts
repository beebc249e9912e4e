import { z } from 'zod';
import { attributeDetails, attributeValue, proposedAttribute } from '../extraction/record.ts';
import { rowFacts } from '../kernel/words/text-schemas.ts';
import { type NextService, nextServices } from '../tickets/next-service.ts';
import { finalLine } from '../tickets/work.ts';

/** The steps in their order (CLO-04…10); each is seen before it is passed (CLO-11). */
export const steps = ['work', 'notes', 'next', 'review', 'payment', 'done'] as const;
export type Step = (typeof steps)[number];

/** What is known of the facts in the notes: read, still to be read, or nobody could. */
export const extractionStates = ['none', 'pending', 'done', 'failed'] as const;
export type ExtractionState = (typeof extractionStates)[number];

export const paymentChoices = ['send_invoice', 'skip'] as const;

/** The close-out one person is at, or has done (CFL-31). Nothing of it is in the ticket before it is completed. */
export const sessionRow = z.object({
  id: z.string(),
  ticket_id: z.string(),
  member_id: z.string(),
  duration_minutes: z.number().nullable(),
  lines: z.array(finalLine).nullable(),
  total_cents: z.number().nullable(),
  lines_digest: z.string().nullable(),
  work_confirmed_at: z.string().nullable(),
  notes: z.string().nullable(),
  notes_at: z.string().nullable(),
  extraction_status: z.enum(extractionStates),
  extracted_by: z.enum(['rules', 'llm']).nullable(),
  attributes: z.array(proposedAttribute),
  next_service: z.enum(nextServices).nullable(),
  next_details: z.record(z.string(), z.unknown()),
  next_service_at: z.string().nullable(),
  reviewed_attributes: z.array(proposedAttribute).nullable(),
  is_reviewed_offline: z.boolean(),
  completed_at: z.string().nullable(),
  note_id: z.string().nullable(),
  next_ticket_id: z.string().nullable(),
  message_id: z.string().nullable(),
  payment_choice: z.enum(paymentChoices).nullable(),
  payment_reason: z.string().nullable(),
  payment_at: z.string().nullable(),
  invoice_id: z.string().nullable(),
  ...rowFacts,
});
export type Session = z.infer<typeof sessionRow>;

export const sessionColumns = {
  id: 'uuid',
  ticket_id: 'uuid',
  member_id: 'uuid',
  duration_minutes: 'integer',
  lines: 'jsonb',
  total_cents: 'bigint',
  lines_digest: 'text',
  work_confirmed_at: 'timestamptz',
  notes: 'text',
  notes_at: 'timestamptz',
  extraction_status: 'text',
  extracted_by: 'text',
  attributes: 'jsonb',
  next_service: 'text',
  next_details: 'jsonb',
  next_service_at: 'timestamptz',
  reviewed_attributes: 'jsonb',
  is_reviewed_offline: 'boolean',
  completed_at: 'timestamptz',
  note_id: 'uuid',
  next_ticket_id: 'uuid',
  message_id: 'uuid',
  payment_choice: 'text',
  payment_reason: 'text',
  payment_at: 'timestamptz',
  invoice_id: 'uuid',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

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
  invoice_id: z.string().nullable(),
});
export type CloseoutAnswer = z.input<typeof closeoutAnswer>;

/** The step a close-out is due at. Work whose lines were changed since is confirmed again. */
export function stepOf(session: Session | undefined, linesDigest: string): Step {
  if (session?.completed_at) return session.payment_at === null ? 'payment' : 'done';
  if (!session?.work_confirmed_at || session.lines_digest !== linesDigest) return 'work';
  if (session.notes_at === null) return 'notes';
  return session.next_service_at === null ? 'next' : 'review';
}

const details = z.object({
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

/** What follows, as it was chosen; undefined before. */
export function nextOf({ next_service, next_details }: Session): NextService | undefined {
  return next_service === null ? undefined : { next_service, ...details.parse(next_details) };
}
