import { z } from 'zod';
import { extractors, leadSources, proposedAttribute, urgencies } from '../extraction/record.ts';
import {
  choice,
  currency,
  customFields,
  date,
  email,
  list,
  longText,
  moment,
  money,
  own,
  percent,
  phone,
  ref,
  tags,
  text,
} from '../kernel/records/field.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';

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

export const disqualificationReasons = [
  'budget',
  'timing',
  'outside_scope',
  'competitor',
  'no_response',
  'spam',
  'other',
] as const;

export const extractionStatuses = ['none', 'pending', 'unconfirmed', 'confirmed'] as const;

/**
 * What is known of an inquiry (LED-01, LED-12). `raw_notes` is what was said; the rest is what was made of it. Status,
 * stage and reminder have verbs of their own; a lead keeps its title, notes, source and owner.
 */
export const leadColumns = {
  title: text({ filled: true, list: true, sort: true, search: 'body' }),
  raw_notes: longText({ clear: false, search: 'body' }),
  description: longText({ search: 'body' }),
  source: choice(leadSources, { default: 'other', filter: true }),
  status: choice(leadStatuses, {
    ends: ['disqualified', 'archived'],
    default: 'new',
    writable: false,
    list: true,
    filter: true,
    search: 'detail',
  }),
  pipeline_stage: choice(pipelineStages, { default: 'inquiry', writable: false, list: true, filter: true }),
  disqualification_reason: choice([...disqualificationReasons, 'none'], { writable: false }),
  closed_reason: longText({ writable: false, search: 'body' }),
  full_name: text({ list: true, search: 'names' }),
  email: email({ list: true, search: ['names', 'terms'] }),
  phone: phone({ list: true, search: ['terms', 'detail'] }),
  company_name: text({ search: 'names' }),
  line1: text({ search: 'names' }),
  line2: text({ search: 'names' }),
  city: text({ search: ['names', 'detail'] }),
  state: text({ search: 'names' }),
  postal_code: text({ search: 'names', input: z.string().trim().min(1).max(20) }),
  service_interest: text({ search: 'body' }),
  urgency: choice(urgencies),
  preferred_time: text({ search: 'body' }),
  budget_range: text({ search: 'body' }),
  property_details: list(proposedAttribute, { default: [], input: z.array(proposedAttribute).max(30) }),
  extraction_status: choice(extractionStatuses, {
    default: 'none',
    writable: false,
    list: true,
    filter: true,
  }),
  extracted_by: choice(extractors, { writable: false }),
  extraction: own(z.record(z.string(), z.unknown()), 'jsonb', {
    default: {},
    writable: false,
    told: false,
  }),
  confirmed_by: ref('member', { writable: false }),
  confirmed_at: moment({ writable: false }),
  contact_id: ref('contact', {
    as: 'leads',
    summary: 'inquiries they made, newest first',
    list: true,
    filter: true,
  }),
  company_id: ref('company'),
  owner_user_id: ref('member', { filled: true, filter: true }),
  form_id: ref('lead_form', { writable: false }),
  form_digest: text({ writable: false, whose: 'ours', told: false }),
  estimated_value_cents: money({ input: z.int().min(0).max(1_000_000_000_00) }),
  currency: currency(),
  probability: percent(),
  expected_close_date: date(),
  reminder_at: moment({ writable: false, list: true }),
  converted_at: moment({ writable: false }),
  tags: tags({ filter: 'tag', search: 'names' }),
  custom_fields: customFields(),
};

export type Lead = RowOf<typeof leadColumns, { delete: PlainAction }, Numbering>;
