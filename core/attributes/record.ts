import { z } from 'zod';
import {
  attributeDetails,
  attributeValue,
  extractors,
  type ProposedAttribute,
} from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import { rowFacts } from '../kernel/words/text-schemas.ts';

/** Where a fact comes from (GAP-16). */
export const attributeSources = ['note', 'ticket', 'lead', 'manual'] as const;
export type AttributeSource = (typeof attributeSources)[number];

/** A fact about a customer as it stands in the table and on the wire (NOT-02, GAP-16). */
export const attributeRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  key: z.string(),
  value: attributeValue,
  details: attributeDetails,
  source: z.enum(attributeSources),
  note_id: z.string().nullable(),
  ticket_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  extracted_by: z.enum(extractors).nullable(),
  confirmed_by: z.string().nullable(),
  confirmed_at: z.string().nullable(),
  is_confirmed: z.boolean(),
  is_rejected: z.boolean(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Attribute = z.infer<typeof attributeRow>;

export const attributeColumns = {
  id: 'uuid',
  reference: 'text',
  contact_id: 'uuid',
  key: 'text',
  value: 'jsonb',
  details: 'jsonb',
  source: 'text',
  note_id: 'uuid',
  ticket_id: 'uuid',
  lead_id: 'uuid',
  extracted_by: 'text',
  confirmed_by: 'uuid',
  confirmed_at: 'timestamptz',
  is_confirmed: 'boolean',
  is_rejected: 'boolean',
  deleted_at: 'timestamptz',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

/** What actions answer of a fact: how it reads and whether somebody has confirmed it. */
export const attributeAnswer = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  key: z.string(),
  value: attributeValue,
  details: attributeDetails,
  /** `pet: dog (name: Biscuit)` */
  shown: z.string(),
  is_confirmed: z.boolean(),
});

export const answerOf = (row: Attribute): z.infer<typeof attributeAnswer> => ({
  id: row.id,
  reference: row.reference,
  contact_id: row.contact_id,
  key: row.key,
  value: row.value,
  details: row.details,
  shown: showAttribute(row),
  is_confirmed: row.is_confirmed,
});

/** The same in short, where several are answered. */
export const attributeLine = z.object({
  reference: z.string(),
  shown: z.string(),
  is_confirmed: z.boolean(),
});
export type AttributeLine = z.infer<typeof attributeLine>;

export const lineOf = (row: Attribute): AttributeLine => ({
  reference: row.reference,
  shown: showAttribute(row),
  is_confirmed: row.is_confirmed,
});

/** As people read it, and whether they can rely on it: `pet: dog (name: Biscuit) (unconfirmed)`. */
export const showWithDoubt = (fact: ProposedAttribute & { is_confirmed: boolean }): string =>
  `${showAttribute(fact)}${fact.is_confirmed ? '' : ' (unconfirmed)'}`;
