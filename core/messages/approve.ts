import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { answerMessage, lockMessage, messageAnswer, messageRecord } from './scheduled-message.ts';
import { handOverNow } from './send-now.ts';
import { setTimer } from './timer.ts';

/**
 * A person has looked at a draft and lets it go: at once, or when its time has come. Throws INVALID_STATE when it is no
 * draft any more, or when its customer cannot be written to.
 */
export const approveMessage = defineAction({
  domain: 'message',
  name: 'approve',
  summary: 'Let a draft go out: at once, or when its time has come.',
  input: z.strictObject({ message_id: ref('scheduled_message') }),
  output: messageAnswer,
  permission: { level: 'requires_authorization' },
  effect: 'send',
  undo: 'none',
  past: 'allowed',
  object: 'draft of a message',
  example: { message_id: 'M-1001' },
  touches: ['email'],
  human_only: true,
  keywords: ['draft', 'send', 'allow', 'let go'],
  async run(context, { message_id }) {
    const message = await lockMessage(context, message_id);
    if (message.status !== 'draft') {
      throw new DeskhandError('INVALID_STATE', `${message.reference} is no draft any more.`, {
        field: 'message_id',
        state: message.status,
        hint: 'Look at the list of messages for what became of it.',
      });
    }
    if (Date.parse(message.send_at) <= context.now.epochMilliseconds) {
      return answerMessage(context, await handOverNow(context, message));
    }
    const pending = await updateRow(context, messageRecord, message.id, { status: 'pending' });
    await setTimer(context, pending, 'theirs');
    return answerMessage(context, pending);
  },
});
