import { sql } from '../kernel/database/sql.ts';
import { choice, customFields, longText, moment, number, ref, text } from '../kernel/records/field.ts';
import type { Field, TimelineEntry } from '../kernel/records/field-shape.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { momentOrDay } from '../kernel/words/time.ts';
import { readDue } from './due.ts';
import { outcomes } from './outcomes.ts';

export const taskStatuses = ['open', 'done', 'cancelled'] as const;
/** What tasks of ours are for, so that each is made once. */
export const taskPurposes = [
  'give_back',
  'payment_failed',
  'said_paid',
  'refund_failed',
  'dispute',
  'stripe_bill',
] as const;
export const taskSources = ['person', 'agent', 'workflow'] as const;

const whoWrote: ReadonlyMap<string, string> = new Map([
  ['person', 'one of you'],
  ['agent', 'your assistant'],
  ['workflow', 'Deskhand itself'],
]);

/** How a task stands in the timeline of whom it is about: when it was ended, and until then when it was written down. */
const inTimeline: TimelineEntry = {
  kind: 'task',
  at: sql`coalesce(r.ended_at, r.created_at)`,
  what: sql`concat('task ', r.status)`,
  text: sql`concat_ws(': ', r.title, r.note)`,
  actor: sql`r.ended_by`,
};

/** How what a task is about shows it. */
const shown = {
  as: 'tasks',
  summary: 'what has to be done about it, by time',
  order: 'due_at',
  shows: ['reference', 'title', 'due_at', 'assignee_id', 'status'],
} as const;

// What was done for somebody, or is still to be done, a person looks at before they are deleted.
const isToldOf = sql`r.status <> 'cancelled'`;

/** It goes with whom it is about, and comes back with them. */
const goesAlong = { ...shown, on_delete: 'cascade', counted: isToldOf } as const;

/** What somebody has to do, when, and about what; any of the things it is about belong to one customer. */
export const taskFields = {
  title: text({ required: true, list: true, label: true, search: 'names' }),
  due_at: {
    ...moment({ required: true, list: true, sort: true, filter: 'range', input: momentOrDay }),
    store: (context, value, name) => readDue(context, String(value), name).toString(),
  },
  assignee_id: ref('member', { ...shown, title: 'Whose task', list: true, filter: true }),
  status: choice(taskStatuses, {
    default: 'open',
    ends: ['cancelled'],
    writable: false,
    list: true,
    filter: true,
    search: 'detail',
  }),
  note: longText({ search: 'body' }),
  contact_id: ref('contact', {
    ...goesAlong,
    about: true,
    told_with_parent: true,
    timeline: inTimeline,
    list: true,
    filter: true,
  }),
  lead_id: ref('lead', {
    ...goesAlong,
    told_with_parent: true,
    timeline: inTimeline,
    list: true,
    filter: true,
  }),
  company_id: ref('company', { ...goesAlong, list: true, filter: true }),
  ticket_id: ref('ticket', { ...shown, list: true, filter: true }),
  invoice_id: ref('invoice', { ...shown, list: true, filter: true }),
  /** Of a call to a customer whom no mail reaches: what it is for, as messages have it, and what came of it. */
  call_kind: text({ writable: false, title: 'Call about', whose: 'ours' }),
  outcome: choice(outcomes, { writable: false, filter: true }),
  attempts: number({ default: 0, writable: false }),
  made_for: text({ writable: false, internal: true, told: false, whose: 'ours' }),
  source: choice(taskSources, {
    filled: true,
    writable: false,
    list: true,
    filter: true,
    title: 'Written down by',
    said: (source: string) => whoWrote.get(source) ?? source,
  }),
  ended_at: moment({ writable: false }),
  ended_by: text({ writable: false, whose: 'ours' }),
  custom_fields: customFields(),
} satisfies Readonly<Record<string, Field>>;

export type Task = RowOf<typeof taskFields, { delete: PlainAction }, Numbering>;
