import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord, type Row } from '../kernel/records/record.ts';
import { ref, referenceTerms } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay, readMoment } from '../kernel/words/time.ts';
import { moveOn } from '../leads/progress.ts';
import { readParents } from './parents.ts';
import {
  type Direction,
  directions,
  followUpStatuses,
  type Interaction,
  type InteractionType,
  interactionColumns,
  interactionRow,
  interactionTypes,
  interactionWritable,
  outcomes,
} from './record.ts';

/** Communication with customers and leads, and what has to follow (INT-01…05, CFL-27). */
export const interactionRecord = defineRecord({
  name: 'interaction',
  plural: 'interactions',
  table: 'interactions',
  summary: 'Calls, mails, messages and meetings with customers and leads, with outcome and follow-up.',
  keywords: ['call', 'phone call', 'conversation', 'meeting', 'contacted', 'voicemail', 'activity'],
  reference: { prefix: 'IN', start: 1001 },
  columns: interactionColumns,
  row: interactionRow,
  label: row => labelOf(interactionRow.pick({ type: true, subject: true, body: true }).parse(row)),
  writable: interactionWritable,
  clearable: [
    'subject',
    'body',
    'ai_summary',
    'ai_suggested_next_actions',
    'follow_up_at',
    'lead_id',
    'ticket_id',
  ],
  default_fields: [
    'id',
    'reference',
    'type',
    'direction',
    'occurred_at',
    'contact_id',
    'lead_id',
    'subject',
    'body',
    'outcome',
    'follow_up_at',
    'follow_up_status',
  ],
  sorts: ['occurred_at', 'created_at'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    lead_id: ref('lead').optional(),
    ticket_id: ref('ticket').optional(),
    interaction_type: z.enum(interactionTypes).optional(),
    direction: z.enum(directions).optional(),
    outcome: z.enum(outcomes).optional(),
    follow_up_status: z.enum(followUpStatuses).optional(),
    from: day.optional(),
    to: day.optional(),
  }),
  where: (params, { organization: { time_zone } }) => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.lead_id ? [sql`lead_id = ${params.lead_id}::uuid`] : []),
    ...(params.ticket_id ? [sql`ticket_id = ${params.ticket_id}::uuid`] : []),
    ...(params.interaction_type ? [sql`type = ${params.interaction_type}`] : []),
    ...(params.direction ? [sql`direction = ${params.direction}`] : []),
    ...(params.outcome ? [sql`outcome = ${params.outcome}`] : []),
    ...(params.follow_up_status ? [sql`follow_up_status = ${params.follow_up_status}`] : []),
    ...(params.from
      ? [
          sql`occurred_at >= ${dayBounds(readDay(params.from, 'from'), time_zone).from.toString()}::timestamptz`,
        ]
      : []),
    ...(params.to
      ? [sql`occurred_at < ${dayBounds(readDay(params.to, 'to'), time_zone).to.toString()}::timestamptz`]
      : []),
  ],
  includes: { audit_trail: historyInclude('interaction') },
  actions: {
    create: {
      summary: 'Write down a call, mail or meeting with a customer or lead.',
      permission: { level: 'unrestricted' },
      keywords: ['log a call', 'record', 'phoned', 'spoke'],
    },
    update: { summary: 'Correct an interaction.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove an interaction; can be restored.', permission: { level: 'soft_limit' } },
  },
  async toColumns(context, input, before) {
    const known = before === undefined ? undefined : interactionRow.parse(before);
    const columns: Row = { ...input, ...readWay(input, known), ...readTimes(context, input, known) };
    if (known && typeof input.custom_fields === 'object')
      columns.custom_fields = { ...known.custom_fields, ...input.custom_fields };
    const parents = await readParents(context, input, known);
    if (known) return { ...columns, ...parents };
    const acting = context.actor.kind === 'user' ? context.actor.id : null;
    return {
      actor_user_id: acting,
      owner_user_id: acting,
      ...columns,
      ...parents,
    };
  },
  async afterWrite(context, row, before) {
    const interaction = interactionRow.parse(row);
    if (before || interaction.lead_id === null) return;
    await moveOn(context, interaction.lead_id, progressOf(interaction));
  },
  documentOf(row) {
    const interaction = interactionRow.parse(row);
    const { id, reference, contact_id, occurred_at, subject, body, ai_summary } = interaction;
    return {
      id,
      reference,
      contact_id,
      title: labelOf(interaction),
      detail: occurred_at,
      names: '',
      terms: referenceTerms(reference).join(' '),
      body: [subject, body, ai_summary].filter(Boolean).join('\n'),
    };
  },
});

const labelOf = ({ type, subject, body }: Pick<Interaction, 'type' | 'subject' | 'body'>): string =>
  subject ?? body?.slice(0, 60) ?? type.replaceAll('_', ' ');

const onlyWay: Readonly<Partial<Record<InteractionType, Direction>>> = {
  email_inbound: 'inbound',
  email_outbound: 'outbound',
};
const usualWay: Readonly<Partial<Record<InteractionType, Direction>>> = {
  meeting: 'outbound',
  note: 'internal',
  system: 'internal',
};

/** Who turned to whom. Said by the type of a mail; of a call it has to be told. Throws VALIDATION_ERROR. */
function readWay(input: Row, before: Interaction | undefined): Row {
  const given = interactionRow.pick({ type: true, direction: true }).partial().parse(withoutNulls(input));
  if (given.type === undefined && given.direction === undefined) return {};
  const type = given.type ?? before?.type ?? 'note';
  const only = onlyWay[type];
  if (only !== undefined && given.direction !== undefined && given.direction !== only) {
    throw invalid('direction', `${type} is always ${only}.`, { got: given.direction, valid_options: [only] });
  }
  const sameType = before !== undefined && (given.type === undefined || given.type === before.type);
  const direction = only ?? given.direction ?? (sameType ? before.direction : usualWay[type]);
  if (direction !== undefined) return { direction };
  throw invalid('direction', 'Who called or wrote: the customer (inbound) or we (outbound)?', {
    valid_options: directions,
  });
}

function readTimes(context: Context, input: Row, before: Interaction | undefined): Row {
  const { time_zone } = context.organization;
  const times: Row = {};
  if (typeof input.occurred_at === 'string') {
    times.occurred_at = readPast(context, input.occurred_at, input.type ?? before?.type);
  } else if (!before) times.occurred_at = context.now.toString();
  if (typeof input.follow_up_at === 'string') {
    times.follow_up_at = requireToCome(
      context,
      readMoment(input.follow_up_at, time_zone, 'follow_up_at'),
    ).toString();
    times.follow_up_status = 'pending';
  } else if (input.follow_up_at === null) times.follow_up_status = 'none';
  return times;
}

// Clocks of people differ by minutes; a meeting is often entered before it takes place.
function readPast(context: Context, text: string, type: unknown): string {
  const at = readMoment(text, context.organization.time_zone, 'occurred_at');
  const latest = context.now.add({ minutes: 10 });
  if (type === 'meeting' || at.epochMilliseconds <= latest.epochMilliseconds) return at.toString();
  throw invalid('occurred_at', 'This has not happened yet.', {
    got: text,
    hint: 'For something to do, write follow_up_at instead.',
  });
}

/** A moment something has to be done at. Throws VALIDATION_ERROR for one that is past. */
export function requireToCome(context: Context, at: Context['now'], field = 'follow_up_at'): Context['now'] {
  if (at.epochMilliseconds > context.now.epochMilliseconds) return at;
  throw invalid(field, 'This time is past.', { got: at.toString(), hint: 'Choose a time to come.' });
}

/** How far the work on a lead is, once this is said: new → working → contacted (CFL-16, LED-05, LED-19). */
function progressOf({ type, direction, outcome }: Interaction): 'contacted' | 'working' | undefined {
  if (direction === 'internal') return undefined;
  const reached = outcome !== 'left_voicemail' && outcome !== 'no_show';
  return reached && (direction === 'outbound' || type === 'meeting') ? 'contacted' : 'working';
}

const withoutNulls = (row: Row) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
