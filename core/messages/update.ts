import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { moment } from '../kernel/words/time.ts';
import { messageWords, readSendAt } from './schedule.ts';
import {
  answerMessage,
  lockMessage,
  messageAnswer,
  messageRecord,
  requireWaiting,
} from './scheduled-message.ts';
import { setTimer } from './timer.ts';
import { checkWords } from './words.ts';

/** Changes the words or the time of a message that is still pending. What it says goes out, so an agent says why. */
export const updateMessage = defineAction({
  domain: 'message',
  name: 'update',
  summary: 'Change subject, body or send_at of a message that is still pending.',
  input: z.strictObject({
    message_id: ref('scheduled_message'),
    subject: messageWords.subject.optional(),
    body: messageWords.body.optional(),
    send_at: moment.optional(),
  }),
  output: messageAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  example: { message_id: 'M-1001', subject: 'Shall we come again in spring?' },
  touches: ['email'],
  keywords: ['move', 'postpone', 'later', 'edit', 'reword', 'scheduled message'],
  async run(context, { message_id, send_at, ...words }) {
    requireChange({ ...words, send_at }, 'subject', ['subject', 'body', 'send_at']);
    const message = await lockMessage(context, message_id);
    requireWaiting(context, message);
    const at = send_at === undefined ? message.send_at : readSendAt(context, send_at);
    const { subject, body } = words;
    if (subject !== undefined) checkWords(message.kind, 'subject', subject);
    if (body !== undefined) checkWords(message.kind, 'body', body);
    // A person who gives a draft a time has looked at it: it goes out then.
    const isAllowed = message.status === 'draft' && send_at !== undefined && context.actor.kind === 'user';
    const isReworded = subject !== undefined || body !== undefined;
    const changed = await updateRow(context, messageRecord, message.id, {
      ...given(words),
      // What somebody has written stays, whatever becomes of the words of its kind.
      ...(isReworded ? { words: 'own' as const } : {}),
      send_at: at,
      ...(isAllowed ? { status: 'pending' as const } : {}),
    });
    if (changed.status === 'pending' && (isAllowed || changed.send_at !== message.send_at))
      await setTimer(context, changed, 'theirs');
    return answerMessage(context, changed);
  },
});

const given = (words: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
