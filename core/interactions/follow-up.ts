import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { type Action, defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { localTime, moment, readMoment } from '../kernel/words/time.ts';
import { interactionRecord, requireToCome } from './interaction.ts';
import { type Interaction, outcomes } from './record.ts';
import { inBusinessHours } from './write.ts';

/** The answer carries the due time as people read it. */
const answer = interactionRecord.row.extend({ follow_up_local: z.string().nullable() });

const shown = ({ organization }: Context, row: Interaction): z.input<typeof answer> => ({
  ...row,
  follow_up_local: row.follow_up_at === null ? null : localTime(row.follow_up_at, organization.time_zone),
});

const lockInteraction = (context: Context, id: string): Promise<Interaction> =>
  getRow(context, interactionRecord, id, { lock: true });

const change = async (context: Context, id: string, columns: Partial<Interaction>) =>
  shown(context, await updateRow(context, interactionRecord, id, columns));

/** Says when somebody has to be called back or written to (INT-05): in so many business hours, or at a time. */
export const setFollowUp = defineAction({
  domain: 'interaction',
  name: 'set_follow_up',
  summary: 'Say when to follow up: in_business_hours (1 = the next business hour), or follow_up_at.',
  input: z.strictObject({
    interaction_id: ref('interaction'),
    in_business_hours: z.number().min(0.25).max(100).optional(),
    follow_up_at: moment.optional(),
  }),
  output: answer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  past: 'set',
  example: { interaction_id: 'IN-1001', in_business_hours: 2 },
  keywords: ['call back', 'remind', 'follow up', 'snooze', 'postpone'],
  async run(context, { interaction_id, in_business_hours, follow_up_at }) {
    const interaction = await lockInteraction(context, interaction_id);
    const due = readDue(context, in_business_hours, follow_up_at);
    return change(context, interaction.id, { follow_up_at: due.toString(), follow_up_status: 'pending' });
  },
});

function readDue(context: Context, hours: number | undefined, text: string | undefined) {
  if (hours !== undefined && text === undefined) return inBusinessHours(context, hours);
  if (hours === undefined && text !== undefined) {
    return requireToCome(context, readMoment(text, context.organization.time_zone, 'follow_up_at'));
  }
  throw invalid('follow_up_at', 'Say when in one way.', { hint: 'Give in_business_hours or follow_up_at.' });
}

/** Marks a follow-up as done. Throws INVALID_STATE when nothing is pending: done already, or never asked for. */
export const completeFollowUp = endsFollowUp({
  name: 'complete_follow_up',
  summary: 'Mark a follow-up as done.',
  status: 'completed',
  keywords: ['called back', 'done'],
});

/** Says that a follow-up need not happen any more. */
export const cancelFollowUp = endsFollowUp({
  name: 'cancel_follow_up',
  summary: 'Say that a follow-up is not needed any more.',
  status: 'canceled',
  keywords: ['not needed'],
});

function endsFollowUp(end: {
  name: string;
  summary: string;
  status: 'completed' | 'canceled';
  keywords: readonly string[];
}): Action {
  const { name, summary, status, keywords } = end;
  return defineAction({
    domain: 'interaction',
    name,
    summary,
    input: z.strictObject({ interaction_id: ref('interaction'), outcome: z.enum(outcomes).optional() }),
    output: answer,
    permission: { level: 'unrestricted' },
    effect: 'update',
    example: { interaction_id: 'IN-1001', outcome: 'spoke' },
    keywords,
    async run(context, { interaction_id, outcome }) {
      const { id, reference, follow_up_status } = await lockInteraction(context, interaction_id);
      if (follow_up_status === 'pending') {
        return change(context, id, { follow_up_status: status, ...(outcome ? { outcome } : {}) });
      }
      const how = {
        none: 'has no follow-up',
        completed: 'was followed up already',
        canceled: 'was canceled',
      };
      throw new DeskhandError('INVALID_STATE', `${reference} ${how[follow_up_status]}.`, {
        state: follow_up_status,
        hint: 'The list follow_ups shows what is pending; interaction.set_follow_up asks for a new one.',
      });
    },
  });
}
