import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { composeMessage } from './compose.ts';
import { handOver } from './hand-over.ts';
import { reach } from './recipient.ts';
import {
  answerMessage,
  lockMessage,
  messageAnswer,
  ownWords,
  requirePending,
  type ScheduledMessage,
} from './scheduled-message.ts';
import { whyTooLate } from './too-late.ts';
import { cannotBeFilled } from './words.ts';

/**
 * Sends a pending message before its time, or a failed one once more; a draft when a person does it, who has looked at it.
 * Throws INVALID_STATE when it is neither, or when
 * its customer cannot or must not be written to. What is sent cannot be taken back, so an agent says why.
 */
export const sendMessageNow = defineAction({
  domain: 'message',
  name: 'send_now',
  summary: 'Send a pending message at once, or a failed one again.',
  input: z.strictObject({ message_id: ref('scheduled_message') }),
  output: messageAnswer,
  permission: { level: 'soft_limit' },
  effect: 'send',
  undo: 'none',
  past: 'sent',
  object: 'message now',
  says: 'the message {it}[ for {whose}] now[ to {sent_to}]',
  example: { message_id: 'M-1001' },
  touches: ['email'],
  keywords: ['send', 'at once', 'immediately', 'again', 'e-mail', 'scheduled message'],
  async run(context, { message_id }) {
    const message = await lockMessage(context, message_id);
    const isAllowed = message.status === 'draft' && context.actor.kind === 'user';
    if (message.status !== 'failed' && !isAllowed) requirePending(context, message);
    return answerMessage(context, await handOverNow(context, message));
  },
});

/** Gives a locked message to the outbox now. Throws INVALID_STATE when its customer cannot or must not be written to. */
export async function handOverNow(context: Context, message: ScheduledMessage): Promise<ScheduledMessage> {
  const late = await whyTooLate(context, message);
  if (late !== undefined) {
    throw new DeskhandError('INVALID_STATE', `${message.reference} cannot be sent. ${late}`, {
      field: 'message_id',
      hint: 'Throw it away with message.cancel.',
    });
  }
  const { to, obstacle } = await reach(context, message.contact_id, message.kind);
  if (obstacle) {
    throw new DeskhandError('INVALID_STATE', `${message.reference} cannot be sent. ${obstacle.reason}`, {
      field: 'message_id',
      hint: obstacle.hint,
    });
  }
  const { mail, missing } = await composeMessage(context, message, ownWords(message));
  if (!mail) throw cannotBeFilled(missing);
  return handOver(context, message, { to, mail, send_at: context.now.toString() });
}
