import { z } from 'zod';
import {
  boolean,
  choice,
  customFields,
  email,
  list,
  longText,
  moment,
  own,
  phone,
  ref,
  tags,
  text,
} from '../kernel/records/field.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import { ref as refInput } from '../kernel/records/references.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { asPhone, emailAddress, freeText } from '../kernel/words/text-schemas.ts';

const contactEmail = z.strictObject({
  email: emailAddress,
  type: z.enum(['work', 'home', 'other']).default('other'),
  primary: z.boolean().default(false),
});

const contactPhone = z.strictObject({
  number: z.string().min(1).max(40).meta(asPhone),
  type: z.enum(['mobile', 'work', 'home', 'other']).default('other'),
  primary: z.boolean().default(false),
});

export const preferences = z.strictObject({
  time_of_day: z.enum(['morning', 'afternoon', 'any']).optional(),
  days: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .max(7)
    .optional(),
  technician_id: refInput('member').optional(),
  note: freeText.optional(),
});

export const lifecycleStages = ['lead', 'prospect', 'customer', 'past_customer'] as const;
export const contactStatuses = ['active', 'inactive', 'unsubscribed'] as const;
const contactSources = [
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

/** One address of mail, or number, of the lists as a row holds it. */
const keptEmail = z.object({ email: z.string(), type: z.string(), primary: z.boolean() });
const keptPhone = z.object({ number: z.string(), type: z.string(), primary: z.boolean() });

/** What is written down of a customer (CON-11, CON-17). `email` and `phone` are the primary ones of the lists (CFL-12). */
export const contactFields = {
  kind: choice(['person', 'organization'], { default: 'person', filter: true }),
  first_name: text({ clear: false }),
  last_name: text({ clear: false }),
  full_name: text({ filled: true, list: true, sort: true, label: true }),
  nickname: text(),
  job_title: text(),
  company_id: ref('company', {
    as: 'contacts',
    summary: 'customers who belong to this company',
    noun: 'contact',
    on_delete: 'history',
    reindex: ['name'],
    filter: true,
  }),
  emails: list(keptEmail, {
    default: [],
    input: z.array(contactEmail).max(10).meta({ description: 'replaces the list; email adds one in front' }),
  }),
  phones: list(keptPhone, {
    default: [],
    input: z.array(contactPhone).max(10).meta({ description: 'replaces the list; phone adds one in front' }),
  }),
  email: email({ clear: false, list: true, follows: 'emails' }),
  /** How mail to that address fares, by what we have heard of it; the database looks it up. */
  email_status: choice(['ok', 'bounced', 'complained'], { default: 'ok', writable: false, filter: true }),
  email_status_at: moment({ writable: false, told: false }),
  phone: phone({
    clear: false,
    list: true,
    follows: 'phones',
    input: z.string().min(1).max(40).meta(asPhone),
  }),
  preferred_channel: choice(['phone', 'email', 'sms', 'other']),
  preferences: own(z.record(z.string(), z.unknown()), 'jsonb', { default: {}, writable: false }),
  lifecycle_stage: choice(lifecycleStages, { default: 'customer', list: true, filter: true }),
  status: choice(contactStatuses, { default: 'active', ends: ['inactive'], list: true, filter: true }),
  source: choice(contactSources, { default: 'manual', filter: true }),
  source_ref: text(),
  preferred_language: text({ clear: false, input: z.string().max(35) }),
  email_opt_in: boolean({ clear: false }),
  tags: tags({ list: true, filter: 'tag' }),
  owner_user_id: ref('member'),
  is_system: boolean({ default: false, writable: false }),
  notes: longText(),
  custom_fields: customFields(),
  import_batch_id: ref('import', { writable: false, filter: 'import_id', on_delete: 'cascade' }),
  stripe_customer_id: text({ writable: false, internal: true, told: false, whose: 'ours' }),
};

/** A contact as it stands in the table and on the wire (decision 5). */
export type Contact = RowOf<typeof contactFields, { delete: PlainAction }, Numbering>;

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
  return distinct.map((entry, index) =>
    entry.primary === (index === chosen) ? entry : { ...entry, primary: index === chosen },
  );
}

/** The primary entry first in line for `email` and `phone`; null when the list is empty. */
export function primaryOf<T extends { primary: boolean }>(entries: readonly T[]): T | null {
  return entries.find(entry => entry.primary) ?? entries[0] ?? null;
}
