import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type JobHandler } from '../kernel/registry/define.ts';
import { moment, readMoment } from '../kernel/words/time.ts';
import { saidByTelephone } from './call-instead.ts';
import { composeMessage } from './compose.ts';
import { handOver } from './hand-over.ts';
import { whyNotWanted } from './not-wanted.ts';
import { reachOwn } from './recipient.ts';
import { messageStatuses } from './record.ts';
import { recordTimerFailure } from './record-delivery.ts';
import { lockMessage, messageRecord, ownWords, type ScheduledMessage } from './scheduled-message.ts';
import { flowTimerKind, setTimer, timerKind } from './timer.ts';
import { betterTime } from './too-late.ts';
import { missingWords } from './words.ts';

/**
 * Gives a message whose time has come to the outbox, to the address the customer has now. One that was cancelled, sent or
 * moved since its timer was set stays as it is; one that cannot or must not be sent keeps the reason. The row's lock
 * decides between this and whoever cancels it at the same moment.
 */
export const sendDueMessage = defineAction({
  domain: 'message',
  name: 'send_due',
  summary: 'Send a message whose time has come; done by the timer itself.',
  input: z.strictObject({
    message_id: ref('scheduled_message'),
    /** What the timer was set to. */
    send_at: moment,
  }),
  output: z.object({ reference: z.string(), status: z.enum(messageStatuses), is_due: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'send',
  undo: 'none',
  past: 'sent',
  object: 'message when due',
  example: { message_id: 'M-1001', send_at: '2026-12-01T09:00' },
  touches: ['email'],
  human_only: true,
  roles: [],
  async run(context, { message_id, send_at }) {
    const message = await lockMessage(context, message_id);
    const { id, reference, status } = message;
    const set = readMoment(send_at, context.organization.time_zone, 'send_at');
    const is_due = status === 'pending' && Date.parse(message.send_at) === set.epochMilliseconds;
    if (!is_due) return { reference, status, is_due };
    const late = await whyNotWanted(context, message);
    if (late !== undefined) return { reference, is_due, ...(await skip(context, message, late)) };
    const later = betterTime(context, message);
    if (later !== undefined) {
      await setTimer(context, await updateRow(context, messageRecord, id, { send_at: later }), 'theirs');
      return { reference, status, is_due };
    }
    const { to, obstacle, is_bounded } = await reachOwn(context, message);
    if (obstacle?.is_called) {
      const said = await saidByTelephone(context, message, obstacle.reason);
      if (said !== undefined) return { reference, is_due, ...(await skip(context, message, said)) };
    }
    if (obstacle) {
      const { status: end, reason } = obstacle;
      await updateRow(context, messageRecord, id, { status: end, error: reason });
      return { reference, status: end, is_due };
    }
    const due = { ...message, is_bounded };
    const { mail, missing } = await composeMessage(context, due, ownWords(message));
    if (!mail) {
      await updateRow(context, messageRecord, id, { status: 'failed', error: missingWords(missing) });
      return { reference, status: 'failed' as const, is_due };
    }
    await handOver(context, due, { to, mail });
    return { reference, status: 'sending' as const, is_due };
  },
});

/** Leaves a message out that nobody has cancelled, and says why. */
async function skip(context: Context, { id }: ScheduledMessage, error: string) {
  await updateRow(context, messageRecord, id, { status: 'skipped', error });
  return { status: 'skipped' as const };
}

const timer = z.object({ message_id: z.string(), send_at: z.string() });

/** The timer of a message. At least once: a second run finds the message handed over. */
export const sendWhenDue: JobHandler = {
  kind: timerKind,
  summary: 'sends a message when its time has come',
  async run(job, tools) {
    const parsed = timer.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This timer names no message.');
    const data = parsed.data;
    return (await tools.execute(job.organization_id, { action: 'message.send_due', data })).data;
  },
  async gaveUp(job, tools, why) {
    const parsed = timer.safeParse(job.payload);
    if (parsed.success) await recordTimerFailure(job, tools, parsed.data, why);
  },
};

/** The timer of a message that follows from a visit or a bill. */
export const sendPlannedWhenDue: JobHandler = {
  ...sendWhenDue,
  kind: flowTimerKind,
  summary: 'sends a message about a visit or a bill when its time has come',
  is_internal: true,
};
