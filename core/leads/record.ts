import { z } from 'zod';
import { extractors, leadFields, proposedAttribute } from '../extraction/record.ts';
import { ref } from '../kernel/records/references.ts';
import { customFields, emailAddress, freeText, line, rowFacts, tags } from '../kernel/words/text-schemas.ts';
import { day } from '../kernel/words/time.ts';

/** Open ones first; the last three end a lead (CFL-16). */
export const leadStatuses = [
  'new',
  'working',
  'contacted',
  'qualified',
  'disqualified',
  'converted',
  'archived',
] as const;
export type LeadStatus = (typeof leadStatuses)[number];

/** Progress of the work on it, apart from its status (CFL-17). */
export const pipelineStages = [
  'inquiry',
  'needs_analysis',
  'estimate_sent',
  'follow_up',
  'scheduled_visit',
] as const;

export const leadSources = leadFields.shape.source.unwrap().options;
export const urgencies = leadFields.shape.urgency.unwrap().options;

export const disqualificationReasons = [
  'budget',
  'timing',
  'outside_scope',
  'competitor',
  'no_response',
  'other',
] as const;

export const extractionStatuses = ['none', 'pending', 'unconfirmed', 'confirmed'] as const;

/** A potential customer (LED-01, LED-12). `raw_notes` is what was said; the rest is what was made of it. */
export const leadRow = z.object({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  raw_notes: z.string().nullable(),
  description: z.string().nullable(),
  source: z.enum(leadSources),
  status: z.enum(leadStatuses),
  pipeline_stage: z.enum(pipelineStages),
  disqualification_reason: z.enum([...disqualificationReasons, 'none']).nullable(),
  closed_reason: z.string().nullable(),
  full_name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  company_name: z.string().nullable(),
  line1: z.string().nullable(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
  service_interest: z.string().nullable(),
  urgency: z.enum(urgencies).nullable(),
  preferred_time: z.string().nullable(),
  budget_range: z.string().nullable(),
  property_details: z.array(proposedAttribute),
  extraction_status: z.enum(extractionStatuses),
  extracted_by: z.enum(extractors).nullable(),
  extraction: z.record(z.string(), z.unknown()),
  confirmed_by: z.string().nullable(),
  confirmed_at: z.string().nullable(),
  contact_id: z.string().nullable(),
  company_id: z.string().nullable(),
  owner_user_id: z.string(),
  form_id: z.string().nullable(),
  form_digest: z.string().nullable(),
  estimated_value_cents: z.number().nullable(),
  currency: z.string(),
  probability: z.number().nullable(),
  expected_close_date: z.string().nullable(),
  reminder_at: z.string().nullable(),
  converted_at: z.string().nullable(),
  tags: z.array(z.string()),
  custom_fields: z.record(z.string(), z.unknown()),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Lead = z.infer<typeof leadRow>;

export const leadColumns = {
  id: 'uuid',
  reference: 'text',
  title: 'text',
  raw_notes: 'text',
  description: 'text',
  source: 'text',
  status: 'text',
  pipeline_stage: 'text',
  disqualification_reason: 'text',
  closed_reason: 'text',
  full_name: 'text',
  email: 'text',
  phone: 'text',
  company_name: 'text',
  line1: 'text',
  line2: 'text',
  city: 'text',
  state: 'text',
  postal_code: 'text',
  service_interest: 'text',
  urgency: 'text',
  preferred_time: 'text',
  budget_range: 'text',
  property_details: 'jsonb',
  extraction_status: 'text',
  extracted_by: 'text',
  extraction: 'jsonb',
  confirmed_by: 'uuid',
  confirmed_at: 'timestamptz',
  contact_id: 'uuid',
  company_id: 'uuid',
  owner_user_id: 'uuid',
  form_id: 'uuid',
  form_digest: 'text',
  estimated_value_cents: 'bigint',
  currency: 'text',
  probability: 'integer',
  expected_close_date: 'date',
  reminder_at: 'timestamptz',
  converted_at: 'timestamptz',
  tags: 'text[]',
  custom_fields: 'jsonb',
  deleted_at: 'timestamptz',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

/** What a caller may set; status, stage and reminder have verbs of their own. */
export const leadWritable = z.strictObject({
  title: line.optional(),
  raw_notes: freeText.optional(),
  description: freeText.optional(),
  source: z.enum(leadSources).optional(),
  full_name: line.optional(),
  email: emailAddress.optional(),
  phone: z.string().min(1).max(40).optional(),
  company_name: line.optional(),
  line1: line.optional(),
  line2: line.optional(),
  city: line.optional(),
  state: line.optional(),
  postal_code: z.string().trim().min(1).max(20).optional(),
  service_interest: line.optional(),
  urgency: z.enum(urgencies).optional(),
  preferred_time: line.optional(),
  budget_range: line.optional(),
  property_details: z.array(proposedAttribute).max(30).optional(),
  contact_id: ref('contact').optional(),
  company_id: ref('company').optional(),
  owner_user_id: ref('member').optional(),
  estimated_value_cents: z.int().min(0).max(1_000_000_000_00).optional(),
  probability: z.int().min(0).max(100).optional(),
  expected_close_date: day.optional(),
  tags: tags.optional(),
  custom_fields: customFields.optional(),
});

/** Members of `writable` that may be nobody's: a lead keeps its title, source and owner. */
export const leadClearable = [
  'description',
  'full_name',
  'email',
  'phone',
  'company_name',
  'line1',
  'line2',
  'city',
  'state',
  'postal_code',
  'service_interest',
  'urgency',
  'preferred_time',
  'budget_range',
  'contact_id',
  'company_id',
  'estimated_value_cents',
  'probability',
  'expected_close_date',
] as const;

/** What the verbs of a lead answer: the lead without the text the caller knows and what was proposed once. */
export const leadAnswer = leadRow.omit({ raw_notes: true, extraction: true, form_digest: true });
