import { z } from 'zod';
import { asPhone, line } from '../kernel/words/text-schemas.ts';

/** Who understood it: rules, a language model, or the agent that handed the fields in itself (decision 9). */
export const extractors = ['rules', 'llm', 'agent'] as const;
export type Extractor = (typeof extractors)[number];

export const attributeKey = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'write it as small_words_with_underscores');
export const attributeValue = z.union([z.string().trim().min(1).max(300), z.number(), z.boolean()]);
export const attributeDetails = z
  .record(attributeKey, z.union([z.string().trim().min(1).max(100), z.number(), z.boolean()]))
  .refine(details => Object.keys(details).length <= 5, 'at most five details');

/** One fact: `pet: "dog"`, with details `{name: "Biscuit"}` (NOT-05). */
export const proposedAttribute = z.strictObject({
  key: attributeKey,
  value: attributeValue,
  details: attributeDetails.optional(),
});
export type ProposedAttribute = z.infer<typeof proposedAttribute>;

/** What is understood of a note. */
export const noteFields = z.strictObject({ attributes: z.array(proposedAttribute).max(30) });
export type NoteFields = z.infer<typeof noteFields>;

/** How an inquiry comes in, and how soon somebody wants an answer. */
export const leadSources = ['phone_call', 'email', 'web_form', 'referral', 'ad', 'other'] as const;
export const urgencies = ['low', 'normal', 'high'] as const;

/** What is understood of an inquiry (LED-03, LED-21). Everything may be missing. */
export const leadFields = z.strictObject({
  title: line.optional(),
  full_name: line.optional(),
  phone: z.string().trim().min(3).max(40).meta(asPhone).optional(),
  email: z.string().trim().min(3).max(254).optional(),
  company_name: line.optional(),
  line1: line.optional(),
  line2: line.optional(),
  city: line.optional(),
  state: line.optional(),
  postal_code: z.string().trim().min(1).max(20).optional(),
  service_interest: line.optional(),
  source: z.enum(leadSources).optional(),
  urgency: z.enum(urgencies).optional(),
  preferred_time: line.optional(),
  budget_range: line.optional(),
  property_details: z.array(proposedAttribute).max(30).optional(),
});
export type LeadFields = z.infer<typeof leadFields>;

/** What was understood, and by whom; never more than a proposal until somebody confirms it (CFL-29, CFL-30). */
export interface Understood<Fields> {
  by: Extractor;
  /** The model, when one was asked. */
  model?: string | undefined;
  fields: Fields;
  /** Said to the caller: that the model did not answer and rules took its place. */
  remark?: string | undefined;
}

/** What a `prepare` step brought for a note; it may have waited with a request for a person. */
export const understoodNote = z.object({
  by: z.enum(extractors),
  model: z.string().optional(),
  fields: noteFields,
  remark: z.string().optional(),
});
