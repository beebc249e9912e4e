import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job, JobOutcome } from '../kernel/outside/outbox.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type JobTools } from '../kernel/registry/define.ts';
import { externalId } from '../kernel/words/text-schemas.ts';
import { messageStatuses } from './record.ts';
import { lockMessage, messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/** One that is sent, or goes to another address by now, is not sent again when somebody retries a dead delivery. */
export const isUnderWay = ({ status, sent_to }: ScheduledMessage, to: string | undefined): boolean =>
  (status === 'sending' || status === 'failed') && (to === undefined || sent_to === to);

/** One whose timer is given up waits for nothing any more; what was moved since waits for another one. */
const isStuck = ({ status, send_at }: ScheduledMessage, timer: string | undefined): boolean =>
  status === 'pending' && timer !== undefined && Date.parse(send_at) === Date.parse(timer);

/** Writes down what became of the e-mail of a message: sent, or failed with the reason, or that its timer was given up. */
export const recordDelivery = defineAction({
  domain: 'message',
  name: 'record_delivery',
  summary: 'Write down whether a message was delivered; done by the delivery itself.',
  input: z.strictObject({
    message_id: ref('scheduled_message'),
    to: z
      .string()
      .max(320)
      .optional()
      .meta({ description: 'where it went: to an earlier address says nothing' }),
    sent_as: externalId.max(1000).optional().meta({ description: 'its id with the mail service' }),
    error: z.string().max(1000).optional(),
    timer: z.iso.datetime().optional().meta({ description: 'set to this time, and given up' }),
  }),
  output: z.object({ reference: z.string(), status: z.enum(messageStatuses) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { message_id: 'M-1001' },
  human_only: true,
  roles: [],
  async run(context, { message_id, to, sent_as, error, timer }) {
    const message = await lockMessage(context, message_id);
    const { id, reference, status } = message;
    if (!isUnderWay(message, to) && !isStuck(message, timer)) return { reference, status };
    const end =
      error === undefined
        ? {
            status: 'sent' as const,
            sent_at: context.now.toString(),
            provider_message_id: sent_as ?? null,
            error: null,
          }
        : { status: 'failed' as const, error };
    const row = await updateRow(context, messageRecord, id, end);
    return { reference, status: row.status };
  },
});

const ofMessage = z.object({ message_id: z.string(), to: z.string() });
type Carried = z.infer<typeof ofMessage>;

/** What an e-mail says of the message it carries; undefined for every other mail. */
export const carriedBy = (job: Job) => ofMessage.safeParse(job.payload).data;

const checked = z.object({ why_not: z.string().nullable(), is_failure: z.boolean() });
/** What each way for mail calls its own id. */
const ids = z.object({ resend_id: z.string(), message_id: z.string(), file: z.string() }).partial();

/**
 * Delivers the e-mail of a message and writes down what became of it. At least once, like every mail: when the worker
 * dies between the two, the mail goes out again under the same id. Throws PermanentFailure for an address that nobody
 * writes to any more.
 */
export async function deliverMessage(
  { organization_id }: Job,
  tools: JobTools,
  message: Carried,
  send: () => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const call = { action: 'message.check_delivery', data: message };
  const { why_not, is_failure } = checked.parse((await tools.execute(organization_id, call)).data);
  if (why_not !== null && is_failure) throw new PermanentFailure(why_not);
  if (why_not !== null) return { skipped: why_not };
  const outcome = await send();
  const { resend_id, message_id: smtp_id, file } = ids.parse(outcome);
  const sent_as = resend_id ?? smtp_id ?? file;
  await record(organization_id, tools, { ...message, ...(sent_as === undefined ? {} : { sent_as }) });
  return outcome;
}

/** Says to a message that no attempt to deliver it follows any more. */
export async function recordFailure(
  { organization_id, attempts, max_attempts }: Job,
  tools: JobTools,
  message: Carried,
  why: string,
): Promise<void> {
  // A worker that dies says nothing: the service may have taken the mail before.
  const isUnknown = attempts > max_attempts;
  const error = isUnknown ? `Nobody knows whether it went out: ${why}.` : why;
  await record(organization_id, tools, { ...message, error: error.slice(0, 500) });
}

/** Says to a message that its time has come and nothing could be done: people find it among what failed, and send it. */
export async function recordTimerFailure(
  { organization_id }: Job,
  tools: JobTools,
  { message_id, send_at }: { message_id: string; send_at: string },
  why: string,
): Promise<void> {
  const error = `It could not be sent when its time had come: ${why}.`.slice(0, 500);
  const data = { message_id, timer: send_at, error };
  await tools.execute(organization_id, { action: 'message.record_delivery', data });
}

async function record(
  organization_id: string,
  tools: JobTools,
  data: Carried & { sent_as?: string; error?: string },
): Promise<void> {
  await tools.execute(organization_id, { action: 'message.record_delivery', data });
}
