import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import {
  choice,
  customFields,
  date,
  longText,
  moment,
  number,
  own,
  ref,
  tags,
} from '../kernel/records/field.ts';
import type { Field } from '../kernel/records/field-shape.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { capital } from '../kernel/words/capital.ts';
import { plannedLine } from '../series/record.ts';
import { newLine } from '../tickets/pricing.ts';

const dayOfWeek = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** `Tue` */

/** Whom a row is about; those who are merged into somebody who waits already stay as they are. */
const theirs = { about: true, told_with_parent: true, filled: true, list: true, filter: true } as const;

/** What somebody who wants to come sooner wishes (GAP-17). What is not said may be anything. */
export const waitlistFields = {
  contact_id: ref('contact', {
    ...theirs,
    required: true,
    writable: 'create',
    as: 'waitlist',
    summary: 'whether they want to come sooner, and when',
    noun: 'place on the waitlist',
    on_delete: 'cascade',
    stays_at_merge: (winnerId: string) => sql`r.status = 'waiting' and exists (
      select
      from waitlist_entries as w
      where w.organization_id = r.organization_id
        and w.contact_id = ${winnerId}::uuid
        and w.status = 'waiting'
        and w.deleted_at is null
    )`,
  }),
  ticket_id: ref('ticket', {
    list: true,
    filter: true,
    title: 'Visit that would move',
    as: 'waitlist',
    summary: 'whether its customer wants it sooner',
    noun: 'place on the waitlist',
  }),
  address_id: ref('address', { living: false }),
  technician_id: ref('member', { title: 'Only with', list: true, filter: true }),
  earliest_on: date({ title: 'Not before', list: true }),
  latest_on: date({ title: 'Not after', list: true }),
  days: tags({
    title: 'Only on',
    list: true,
    input: z.array(dayOfWeek).max(7),
    whose: 'ours',
    said: capital,
    such_as: 'Tue, Thu',
  }),
  time_of_day: choice(['any', 'morning', 'afternoon'], { default: 'any', list: true }),
  duration_minutes: number({ min: 5, max: 1440, title: 'Duration' }),
  lines: own(z.array(plannedLine), 'jsonb', {
    default: [],
    input: z.array(newLine).max(50),
    title: 'Services',
    whose: 'ours',
  }),
  note: longText({ search: 'body' }),
  status: choice(['waiting', 'served'], {
    default: 'waiting',
    writable: false,
    list: true,
    filter: true,
    search: 'detail',
  }),
  served_at: moment({ writable: false }),
  custom_fields: customFields(),
} satisfies Readonly<Record<string, Field>>;

export type Entry = RowOf<typeof waitlistFields, { delete: PlainAction }, Numbering>;

/** A time that was offered to somebody who waits. It is theirs only once they have taken it. */
export const offerFields = {
  /** The first offer of the same gap. */
  round_id: ref('waitlist_offer', {
    filled: true,
    writable: false,
    internal: true,
    told: false,
    noun: 'offer',
  }),
  waitlist_id: ref('waitlist', {
    filled: true,
    writable: false,
    list: true,
    filter: true,
    as: 'offers',
    summary: 'free times that were offered, newest first',
    noun: 'offer',
    living: false,
  }),
  contact_id: ref('contact', { ...theirs, writable: false, noun: 'offer of an earlier time' }),
  technician_id: ref('member', { filled: true, writable: false, list: true, filter: true }),
  starts_at: moment({ filled: true, writable: false, list: true, sort: true, filter: 'range' }),
  duration_minutes: number({ filled: true, writable: false, list: true }),
  status: choice(['open', 'taken', 'missed', 'withdrawn'], {
    default: 'open',
    writable: false,
    list: true,
    filter: true,
  }),
  expires_at: moment({ filled: true, writable: false, list: true }),
  ticket_id: ref('ticket', { writable: false, list: true, title: 'Visit', noun: 'offer' }),
  /** Whoever could not be written to is called. */
  task_id: ref('task', { writable: false, title: 'Call to make', noun: 'offer', living: false }),
  /** The mail that carries it, and later the one that says it is taken. */
  message_id: ref('scheduled_message', { writable: false, title: 'Mail', noun: 'offer', living: false }),
  ended_at: moment({ writable: false }),
} satisfies Readonly<Record<string, Field>>;

export type Offer = RowOf<typeof offerFields, Record<never, never>, Numbering>;
