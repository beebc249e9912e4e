import { z } from 'zod';
import { attributeDetails, attributeValue, type ProposedAttribute } from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import type { Attribute } from './attribute.ts';

/** How the references of facts are counted. */
export const attributeNumbering = { prefix: 'AT', start: 1001 } as const;

/** Where a fact comes from (GAP-16). */
export const attributeSources = ['note', 'ticket', 'lead', 'manual'] as const;
export type AttributeSource = (typeof attributeSources)[number];

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
