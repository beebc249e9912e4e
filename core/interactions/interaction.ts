import { Temporal } from 'temporal-polyfill';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { invalid } from '../kernel/words/errors.ts';
import { moveOn } from '../leads/progress.ts';
import { requireToCome } from '../scheduling/to-come.ts';
import { readParents } from './parents.ts';
import {
  type Direction,
  directions,
  type Interaction,
  type InteractionType,
  interactionFields,
} from './record.ts';

/** Communication with customers and leads, and what has to follow (INT-01…05, CFL-27). */
export const interactionRecord = defineRecord({
  name: 'interaction',
  plural: 'interactions',
  noun: 'call or mail',
  nouns: 'calls and mails',
  summary: 'Calls, mails, messages and meetings with customers and leads, with outcome and follow-up.',
  keywords: ['call', 'phone call', 'conversation', 'meeting', 'contacted', 'voicemail', 'activity'],
  reference: { prefix: 'IN', start: 1001 },
  fields: interactionFields,
  default_sort: 'occurred_at',
  filters: {
    to_follow_up: { summary: 'something has to follow', where: sql`follow_up_status = 'pending'` },
  },
  ...namedAfter('interaction', {
    owners: ['contact_id', 'lead_id'],
    at: { moment: sql`coalesce(r.follow_up_at, r.occurred_at)` },
    label: sql`coalesce(r.subject, left(r.body, 60), r.type)`,
  }),
  label: labelOf,
  actions: {
    create: {
      summary: 'Write down a call, mail or meeting with a customer or lead.',
      permission: { level: 'unrestricted' },
      keywords: ['log a call', 'record', 'phoned', 'spoke'],
      often: {
        rank: 2,
        members: ['type', 'direction', 'contact_id', 'lead_id', 'subject', 'body', 'outcome', 'follow_up_at'],
      },
    },
    update: { summary: 'Correct an interaction.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove an interaction; can be restored.', permission: { level: 'soft_limit' } },
  },
  async toColumns(context, input, before) {
    const columns = { ...input, ...readWay(input, before), ...readTimes(context, input, before) };
    const parents = await readParents(context, input, before);
    if (before) return { ...columns, ...parents };
    const acting = context.actor.kind === 'user' ? context.actor.id : null;
    return { actor_user_id: acting, owner_user_id: acting, ...columns, ...parents };
  },
  async afterWrite(context, row, before) {
    if (before || row.lead_id === null) return;
    await moveOn(context, row.lead_id, progressOf(row));
  },
});

function labelOf({ type, subject, body }: Pick<Interaction, 'type' | 'subject' | 'body'>): string {
  return subject ?? body?.slice(0, 60) ?? type.replaceAll('_', ' ');
}

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
function readWay(input: Partial<Interaction>, before: Interaction | undefined): Partial<Interaction> {
  if (input.type === undefined && input.direction === undefined) return {};
  const type = input.type ?? before?.type ?? 'note';
  const only = onlyWay[type];
  if (only !== undefined && input.direction !== undefined && input.direction !== only) {
    throw invalid('direction', `${type} is always ${only}.`, { got: input.direction, valid_options: [only] });
  }
  const sameType = before !== undefined && (input.type === undefined || input.type === before.type);
  const direction = only ?? input.direction ?? (sameType ? before.direction : usualWay[type]);
  if (direction !== undefined) return { direction };
  throw invalid('direction', 'Who called or wrote: the customer (inbound) or we (outbound)?', {
    valid_options: directions,
  });
}

function readTimes(
  context: Context,
  input: Partial<Interaction>,
  before: Interaction | undefined,
): Partial<Interaction> {
  const times: Partial<Interaction> = {};
  if (input.occurred_at !== undefined) {
    requirePast(context, input.occurred_at, input.type ?? before?.type);
  } else if (!before) times.occurred_at = context.now.toString();
  if (typeof input.follow_up_at === 'string') {
    requireToCome(context, Temporal.Instant.from(input.follow_up_at), 'follow_up_at');
    times.follow_up_status = 'pending';
  } else if (input.follow_up_at === null) times.follow_up_status = 'none';
  return times;
}

// Clocks of people differ by minutes; a meeting is often entered before it takes place.
function requirePast(context: Context, written: string, type: InteractionType | undefined): void {
  const latest = context.now.add({ minutes: 10 });
  const at = Temporal.Instant.from(written);
  if (type === 'meeting' || at.epochMilliseconds <= latest.epochMilliseconds) return;
  throw invalid('occurred_at', 'This has not happened yet.', {
    got: written,
    hint: 'For something to do, write follow_up_at instead.',
  });
}

/** How far the work on a lead is, once this is said: new → working → contacted (CFL-16, LED-05, LED-19). */
function progressOf({ type, direction, outcome }: Interaction): 'contacted' | 'working' | undefined {
  if (direction === 'internal') return undefined;
  const reached = outcome !== 'left_voicemail' && outcome !== 'no_show';
  return reached && (direction === 'outbound' || type === 'meeting') ? 'contacted' : 'working';
}
