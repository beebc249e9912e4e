import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { type Action, defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { interactionRecord } from './interaction.ts';
import { type Interaction, outcomes } from './record.ts';

/** The answer carries the due time as people read it. */
export const followUpAnswer = interactionRecord.row.extend({ follow_up_local: z.string().nullable() });

const shown = ({ organization }: Context, row: Interaction): z.input<typeof followUpAnswer> => ({
  ...row,
  follow_up_local: row.follow_up_at === null ? null : localTime(row.follow_up_at, organization.time_zone),
});

export const lockInteraction = (context: Context, id: string): Promise<Interaction> =>
  getRow(context, interactionRecord, id, { lock: true });

export const changeFollowUp = async (context: Context, id: string, columns: Partial<Interaction>) =>
  shown(context, await updateRow(context, interactionRecord, id, columns));

export function endsFollowUp(end: {
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
    input: z.strictObject({
      interaction_id: ref('interaction', { fitting: 'to_follow_up' }),
      outcome: z.enum(outcomes).optional(),
    }),
    output: followUpAnswer,
    permission: { level: 'unrestricted' },
    effect: 'update',
    several: { as: 'interactions', word: 'interaction_id', apart_by: ['interaction_id'] },
    ...(status === 'completed' ? { often: { rank: 2, members: ['interaction_id'] } } : {}),
    example: { interaction_id: 'IN-1001', outcome: 'spoke' },
    keywords,
    async run(context, { interaction_id, outcome }) {
      const { id, reference, follow_up_status } = await lockInteraction(context, interaction_id);
      if (follow_up_status === 'pending') {
        return changeFollowUp(context, id, { follow_up_status: status, ...(outcome ? { outcome } : {}) });
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
