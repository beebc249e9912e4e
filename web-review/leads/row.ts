import { z } from 'zod';
import { extractors, leadFields, proposedAttribute } from '../../core/extraction/record.ts';
import { historyEntry } from '../history.ts';

const text = z.string().nullable();

const interaction = z.object({
  reference: z.string(),
  type: z.string(),
  direction: z.string(),
  occurred_at: z.string(),
  subject: text,
  body: text,
  outcome: z.string(),
  follow_up_at: text,
  follow_up_status: z.string(),
});
export type Interaction = z.infer<typeof interaction>;

/** A lead as its page shows it. */
export const leadRow = z.object({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  raw_notes: text,
  description: text,
  source: leadFields.shape.source.unwrap(),
  status: z.string(),
  pipeline_stage: z.string(),
  disqualification_reason: text,
  closed_reason: text,
  full_name: text,
  email: text,
  phone: text,
  company_name: text,
  line1: text,
  line2: text,
  city: text,
  state: text,
  postal_code: text,
  service_interest: text,
  urgency: leadFields.shape.urgency.unwrap().nullable(),
  preferred_time: text,
  budget_range: text,
  property_details: z.array(proposedAttribute),
  extraction_status: z.string(),
  extracted_by: z.enum(extractors).nullable(),
  /** What was proposed; what cannot be read as that any more is not shown. */
  extraction: leadFields.catch({}),
  confirmed_by: text,
  confirmed_at: text,
  contact_id: text,
  owner_user_id: z.string(),
  reminder_at: text,
  created_at: z.string(),
  interactions: z.array(interaction),
  notes: z.array(z.object({ reference: z.string(), content: z.string(), created_at: z.string() })),
  audit_trail: z.array(historyEntry),
});
export type Lead = z.infer<typeof leadRow>;

/** Members that are no columns but read along. */
export const leadIncludes = ['interactions', 'notes', 'audit_trail'] as const;

/** A form of the page that was refused: what was wrong, and what was typed, so that nothing is lost. */
export interface Draft {
  form: string;
  problem: string;
  status: number;
  typed: Readonly<Record<string, string>>;
  /** Records of which one was meant, and the member that says which. */
  choices?: { field: string; candidates: readonly { reference: string; label: string }[] };
}

export const isOpen = ({ status }: Pick<Lead, 'status'>): boolean =>
  !['disqualified', 'converted', 'archived'].includes(status);
