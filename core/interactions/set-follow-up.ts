import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { moment, readMoment } from '../kernel/words/time.ts';
import { requireToCome } from '../scheduling/to-come.ts';
import { changeFollowUp, followUpAnswer, lockInteraction } from './follow-up.ts';
import { inBusinessHours } from './write.ts';

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
  output: followUpAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'interaction_id',
  often: { rank: 2 },
  past: 'set',
  example: { interaction_id: 'IN-1001', in_business_hours: 2 },
  keywords: ['call back', 'remind', 'follow up', 'snooze', 'postpone'],
  async run(context, { interaction_id, in_business_hours, follow_up_at }) {
    const interaction = await lockInteraction(context, interaction_id);
    const due = readDue(context, in_business_hours, follow_up_at);
    return changeFollowUp(context, interaction.id, {
      follow_up_at: due.toString(),
      follow_up_status: 'pending',
    });
  },
});

function readDue(context: Context, hours: number | undefined, text: string | undefined) {
  if (hours !== undefined && text === undefined) return inBusinessHours(context, hours);
  if (hours === undefined && text !== undefined) {
    const at = readMoment(text, context.organization.time_zone, 'follow_up_at');
    return requireToCome(context, at, 'follow_up_at');
  }
  throw invalid('follow_up_at', 'Say when in one way.', { hint: 'Give in_business_hours or follow_up_at.' });
}
