import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import {
  answerMessage,
  lockMessage,
  messageAnswer,
  messageRecord,
  requireWaiting,
} from './scheduled-message.ts';

/** Cancels a pending message, which is final; agents say why (GAP-06). Its timer finds it cancelled and does nothing. */
export const cancelMessage = defineAction({
  domain: 'message',
  name: 'cancel',
  summary: 'Cancel a pending message; this is final.',
  input: z.strictObject({ message_id: ref('scheduled_message') }),
  output: messageAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  often: { rank: 3 },
  undo: 'none',
  why_not_undone: 'a cancelled message is scheduled anew with message.schedule',
  example: { message_id: 'M-1001' },
  keywords: [
    'call off',
    'stop',
    'do not send',
    'scheduled message',
    'reminder',
    'confirmation',
    'follow-up',
    'mail',
  ],
  async run(context, { message_id }) {
    const message = await lockMessage(context, message_id);
    requireWaiting(context, message);
    const cancelled = await updateRow(context, messageRecord, message.id, { status: 'cancelled' });
    return answerMessage(context, cancelled);
  },
});
