import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid, requireChange } from '../kernel/words/errors.ts';
import { moment } from '../kernel/words/time.ts';
import { sayDraft } from './draft.ts';
import { whyTooEarly } from './not-wanted.ts';
import { freeKinds } from './record.ts';
import { messageWords, readSendAt } from './schedule.ts';
import {
  answerMessage,
  lockMessage,
  messageAnswer,
  messageRecord,
  requireWaiting,
  type ScheduledMessage,
} from './scheduled-message.ts';
import { isDrafted } from './settings.ts';
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
    const isReworded = subject !== undefined || body !== undefined;
    // What somebody has written stays, whatever becomes of the words of its kind.
    const whose = isReworded ? 'own' : message.words;
    await requireInTime(context, { ...message, words: whose }, at);
    if (isReworded) requireFree(context, message, subject === undefined ? 'body' : 'subject');
    const status = statusAfter(context, message, send_at !== undefined);
    const changed = await updateRow(context, messageRecord, message.id, {
      ...given(words),
      words: whose,
      send_at: at,
      status,
    });
    const isAllowed = status === 'pending' && message.status === 'draft';
    if (status === 'pending' && (isAllowed || changed.send_at !== message.send_at))
      await setTimer(context, changed, 'theirs');
    if (status === 'draft' && message.status === 'pending') sayDraft(context, changed);
    return answerMessage(context, changed);
  },
});

/**
 * Whether it waits for its time or for a person: whoever gives a draft a time has looked at it, and what an assistant has changed
 * is looked at where the business wants that.
 */
function statusAfter(context: Context, { status }: ScheduledMessage, isTimed: boolean): 'draft' | 'pending' {
  if (isDrafted(context)) return 'draft';
  return status === 'draft' && !(isTimed && context.actor.kind === 'user') ? 'draft' : 'pending';
}

/**
 * What is about a visit or a bill passes the wish not to be written to (GAP-13): what it says is for the business to say, and
 * an agent changes the words of what it may write itself. Throws VALIDATION_ERROR.
 */
function requireFree(
  context: Context,
  { kind, reference }: ScheduledMessage,
  field: 'subject' | 'body',
): void {
  if (context.actor.kind === 'user' || freeKinds.some(free => free === kind)) return;
  throw invalid(field, `What ${reference} says is said by the business: it is about a visit or a bill.`, {
    hint: 'Its time can be changed with send_at. A person changes its words on the page /messages; message.schedule writes another mail.',
  });
}

/** Throws VALIDATION_ERROR for a moment at which it would say what is not so. */
async function requireInTime(context: Context, message: ScheduledMessage, at: string): Promise<void> {
  if (at === message.send_at) return;
  const early = await whyTooEarly(context, message, Temporal.Instant.from(at));
  if (early !== undefined)
    throw invalid('send_at', `This is too early. ${early}`, {
      hint: 'Choose a time on the day before the visit.',
    });
}

const given = (words: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
