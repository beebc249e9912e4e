import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import {
  boolean,
  choice,
  customFields,
  date,
  longText,
  moment,
  number,
  own,
  ref,
  text,
} from '../kernel/records/field.ts';
import type { Field } from '../kernel/records/field-shape.ts';
import type { Numbering } from '../kernel/records/record.ts';
import { ref as refInput } from '../kernel/records/references.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { newLine } from '../tickets/pricing.ts';
import { sayRule } from './words.ts';

export const seriesStatuses = ['active', 'ended'] as const;

/** A service of each visit, as it was agreed on; what is not said is as the price list has it when a visit is made. */
export const plannedLine = z.object({
  service_id: z.string(),
  /** What it was called when it was agreed on, for when it leaves the price list. */
  name: z.string(),
  pricing: z.enum(['fixed', 'flexible', 'per_unit']),
  quantity: z.number(),
  unit_price_cents: z.number().nullable(),
  duration_minutes: z.number().nullable(),
  description: z.string().nullable(),
});
export type PlannedLine = z.infer<typeof plannedLine>;

export const ruleWords = z.string().min(3).max(200).meta({
  description: 'every 6 weeks; every second Tuesday; monthly on the 1st Monday; or an RFC 5545 rule',
});

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write it as 09:00')
  .meta({ description: 'local time, 09:00' });

/** What each visit is, and by which rule it comes again. */
export const seriesFields = {
  contact_id: ref('contact', {
    required: true,
    writable: 'create',
    list: true,
    filter: true,
    as: 'series',
    summary: 'visits that come again',
    about: true,
    told_with_parent: true,
    on_delete: 'history',
    holds: {
      where: sql`status = 'active'`,
      message: 'This customer still has visits that come again.',
      hint: 'End them first with series.end.',
    },
    timeline: {
      kind: 'series',
      at: sql`coalesce(r.ended_at, r.created_at)`,
      what: sql`concat('series ', r.status)`,
      text: sql`concat_ws(': ', r.repeats, r.notes)`,
    },
  }),
  address_id: ref('address', { as: 'series', on_delete: 'history', living: false }),
  rule: text({
    required: true,
    title: 'Repeats',
    input: ruleWords,
    whose: 'ours',
    said: sayRule,
    such_as: 'every 6 weeks, every second Tuesday, monthly on the 1st Monday',
  }),
  repeats: text({
    filled: true,
    writable: false,
    list: true,
    label: true,
    search: 'detail',
    whose: 'ours',
    told: false,
  }),
  starts_on: date({ required: true, list: true, sort: true }),
  start_time: text({ required: true, list: true, input: clock, whose: 'ours' }),
  ends_on: date({ list: true }),
  duration_minutes: number({ filled: true, clear: false, min: 5, max: 1440, list: true }),
  lines: own(z.array(plannedLine), 'jsonb', { default: [], input: z.array(newLine).max(50), whose: 'ours' }),
  technician_ids: own(z.array(z.string()), 'jsonb', {
    default: [],
    title: 'Who goes',
    input: z.array(refInput('member')).max(20),
    whose: 'ours',
  }),
  notes: longText({ search: 'body' }),
  /** Whether its customer hears of its visits by mail. */
  notify_customer: boolean({ default: false }),
  status: choice(seriesStatuses, {
    default: 'active',
    ends: ['ended'],
    writable: false,
    list: true,
    filter: true,
    search: 'detail',
  }),
  skipped: own(z.array(z.string()), 'jsonb', {
    default: [],
    writable: false,
    title: 'Dates left out',
    whose: 'ours',
  }),
  made_until: date({ writable: false, internal: true, told: false }),
  ended_at: moment({ writable: false }),
  end_reason: longText({ writable: false }),
  custom_fields: customFields(),
} satisfies Readonly<Record<string, Field>>;

export type Series = RowOf<typeof seriesFields, Record<never, never>, Numbering>;
