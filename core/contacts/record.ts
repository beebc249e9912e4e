import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { customFields, emailAddress, freeText, line, rowFacts, tags } from '../kernel/words/text-schemas.ts';

export const contactEmail = z.strictObject({
  email: emailAddress,
  type: z.enum(['work', 'home', 'other']).default('other'),
  primary: z.boolean().default(false),
});

export const contactPhone = z.strictObject({
  number: z.string().min(1).max(40),
  type: z.enum(['mobile', 'work', 'home', 'other']).default('other'),
  primary: z.boolean().default(false),
});

export const preferences = z.strictObject({
  time_of_day: z.enum(['morning', 'afternoon', 'any']).optional(),
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .max(7)
    .optional(),
  technician_id: ref('member').optional(),
  note: freeText.optional(),
});

export const lifecycleStages = ['lead', 'prospect', 'customer', 'past_customer'] as const;
export const contactStatuses = ['active', 'inactive', 'unsubscribed'] as const;
export const contactSources = [
  'manual',
  'web_form',
  'checkout',
  'event',
  'import',
  'import_csv',
  'import_google_contacts',
  'import_quickbooks',
  'lead_conversion',
  'api',
  'system',
] as const;

/** A contact as it stands in the table and on the wire (CON-11, CON-17, decision 5). */
export const contactRow = z.object({
  id: z.string(),
  reference: z.string(),
  kind: z.enum(['person', 'organization']),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  full_name: z.string(),
  nickname: z.string().nullable(),
  job_title: z.string().nullable(),
  company_id: z.string().nullable(),
  emails: z.array(z.object({ email: z.string(), type: z.string(), primary: z.boolean() })),
  phones: z.array(z.object({ number: z.string(), type: z.string(), primary: z.boolean() })),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  preferred_channel: z.string().nullable(),
  preferences: z.record(z.string(), z.unknown()),
  lifecycle_stage: z.enum(lifecycleStages),
  status: z.enum(contactStatuses),
  source: z.enum(contactSources),
  source_ref: z.string().nullable(),
  preferred_language: z.string().nullable(),
  email_opt_in: z.boolean().nullable(),
  tags: z.array(z.string()),
  owner_user_id: z.string().nullable(),
  is_system: z.boolean(),
  notes: z.string().nullable(),
  custom_fields: z.record(z.string(), z.unknown()),
  import_batch_id: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Contact = z.infer<typeof contactRow>;

export const contactColumns = {
  id: 'uuid',
  reference: 'text',
  kind: 'text',
  first_name: 'text',
  last_name: 'text',
  full_name: 'text',
  nickname: 'text',
  job_title: 'text',
  company_id: 'uuid',
  emails: 'jsonb',
  phones: 'jsonb',
  email: 'text',
  phone: 'text',
  preferred_channel: 'text',
  preferences: 'jsonb',
  lifecycle_stage: 'text',
  status: 'text',
  source: 'text',
  source_ref: 'text',
  preferred_language: 'text',
  email_opt_in: 'boolean',
  tags: 'text[]',
  owner_user_id: 'uuid',
  is_system: 'boolean',
  notes: 'text',
  custom_fields: 'jsonb',
  import_batch_id: 'uuid',
  deleted_at: 'timestamptz',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

/** What a caller may set. `email` and `phone` are shorthands for one entry of the lists (CFL-12). */
export const contactWritable = z.strictObject({
  kind: z.enum(['person', 'organization']).optional(),
  first_name: line.optional(),
  last_name: line.optional(),
  full_name: line.optional(),
  nickname: line.optional(),
  job_title: line.optional(),
  company_id: ref('company').optional(),
  email: emailAddress.optional(),
  phone: z.string().min(1).max(40).optional(),
  emails: z.array(contactEmail).max(10).optional(),
  phones: z.array(contactPhone).max(10).optional(),
  preferred_channel: z.enum(['phone', 'email', 'sms', 'other']).optional(),
  lifecycle_stage: z.enum(lifecycleStages).optional(),
  status: z.enum(contactStatuses).optional(),
  source: z.enum(contactSources).optional(),
  source_ref: line.optional(),
  preferred_language: z.string().max(35).optional(),
  email_opt_in: z.boolean().optional(),
  tags: tags.optional(),
  owner_user_id: ref('member').optional(),
  notes: freeText.optional(),
  custom_fields: customFields.optional(),
});

/** The name people know a contact by: its own full name, else first and last name together (CFL-13). */
export function fullName(names: {
  full_name?: string | null | undefined;
  first_name?: string | null | undefined;
  last_name?: string | null | undefined;
}): string {
  return (names.full_name ?? [names.first_name, names.last_name].filter(Boolean).join(' ')).trim();
}

/** A list with exactly one primary entry, the first marked one or the first of all; equal values once. */
export function withPrimary<T extends { primary: boolean }>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
): T[] {
  const keys = entries.map(keyOf);
  const distinct = entries.filter((entry, index) => keys.indexOf(keyOf(entry)) === index);
  const marked = entries.find(entry => entry.primary);
  const chosen = marked ? distinct.findIndex(entry => keyOf(entry) === keyOf(marked)) : 0;
  return distinct.map((entry, index) => ({ ...entry, primary: index === chosen }));
}

/** The primary entry first in line for `email` and `phone`; null when the list is empty. */
export function primaryOf<T extends { primary: boolean }>(entries: readonly T[]): T | null {
  return entries.find(entry => entry.primary) ?? entries[0] ?? null;
}
