import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type Composed, composeMessage } from './compose.ts';
import { handOver } from './hand-over.ts';
import { whyNotWanted, whyTooEarly } from './not-wanted.ts';
import { reach } from './recipient.ts';
import {
  answerMessage,
  lockMessage,
  messageAnswer,
  messageRecord,
  ownWords,
  requirePending,
  type ScheduledMessage,
} from './scheduled-message.ts';
import { isDrafted } from './settings.ts';
import { cannotBeFilled } from './words.ts';

/**
 * Sends a pending message before its time, or a failed one once more; a draft when a person does it, who has looked at it.
 * With the version they looked at, nothing goes out that they have not read. Throws INVALID_STATE when it is none of these,
 * when it is not so any more or not yet, when its customer cannot or must not be written to, and for an agent whose mails the
 * business looks at; CONFLICT when it was changed since. What is sent cannot be taken back, so an agent says why.
 */
export const sendMessageNow = defineAction({
  domain: 'message',
  name: 'send_now',
  summary: 'Send a pending message at once, or a failed one again.',
  input: z.strictObject({
    message_id: ref('scheduled_message'),
    version: z.int().positive().optional().meta({ description: 'the one you have read' }),
  }),
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
  async run(context, { message_id, version }) {
    const message = await lockMessage(context, message_id);
    const isAllowed = message.status === 'draft' && context.actor.kind === 'user';
    if (message.status !== 'failed' && !isAllowed) requirePending(context, message);
    if (isDrafted(context)) throw isLookedAt(message);
    if (version !== undefined && version !== message.version) throw isChanged(message);
    const { to, mail } = await readyToGo(context, message);
    if (version !== undefined && isAllowed && isReadOtherwise(message, mail))
      return answerMessage(context, await showAgain(context, message, mail));
    const send_at = context.now.toString();
    return answerMessage(context, await handOver(context, message, { to, mail, send_at }));
  },
});

/** Where a message goes now, and what it says. Throws INVALID_STATE when it must not go, or cannot. */
async function readyToGo(
  context: Context,
  message: ScheduledMessage,
): Promise<{ to: string; mail: Composed }> {
  const { reference } = message;
  const over = await whyNotWanted(context, message);
  if (over !== undefined)
    throw cannotGo(`${reference} is not sent any more. ${over}`, 'Cancel it with message.cancel.');
  const early = await whyTooEarly(context, message);
  if (early !== undefined)
    throw cannotGo(`${reference} is not sent yet. ${early}`, 'It goes out by itself on the day before.');
  const { to, obstacle } = await reach(context, message);
  if (obstacle) throw cannotGo(`${reference} cannot be sent. ${obstacle.reason}`, obstacle.hint);
  const { mail, missing } = await composeMessage(context, message, ownWords(message));
  if (!mail) throw cannotBeFilled(missing);
  return { to, mail };
}

/** A draft is read as it stands; of words of its kind what they say may have changed since, with the visit or the bill. */
const isReadOtherwise = ({ words, subject, body }: ScheduledMessage, mail: Composed): boolean =>
  words === 'template' && (mail.text !== body || mail.subject.slice(0, 200) !== subject);

async function showAgain(context: Context, { id, reference }: ScheduledMessage, mail: Composed) {
  context.warn(
    `${reference} was not sent: what it says has changed since it was written. Read it once more, and send it then.`,
  );
  const words = { subject: mail.subject.slice(0, 200), body: mail.text };
  return updateRow(context, messageRecord, id, words);
}

const cannotGo = (message: string, hint: string) =>
  new DeskhandError('INVALID_STATE', message, { field: 'message_id', hint });

const isChanged = ({ reference }: ScheduledMessage) =>
  new DeskhandError('CONFLICT', `${reference} was changed since you read it.`, {
    field: 'version',
    hint: 'Read it once more, and send it then.',
  });

/** The business wants to look at what its assistants send, whoever has written it. */
const isLookedAt = ({ reference }: ScheduledMessage) =>
  cannotGo(
    `${reference} was not sent: this business looks at the mails of its assistants first.`,
    'Somebody sends it on the page /messages, or it goes out by itself when its time has come.',
  );
