import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job, JobOutcome } from '../kernel/outside/outbox.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type JobTools } from '../kernel/registry/define.ts';
import { messageStatuses } from './record.ts';
import { lockMessage, messageRecord } from './scheduled-message.ts';

/** Writes down what became of the e-mail of a message: sent, or failed with the reason. */
export const recordDelivery = defineAction({
  domain: 'message',
  name: 'record_delivery',
  summary: 'Write down whether a message was delivered; done by the delivery itself.',
  input: z.strictObject({
    message_id: ref('scheduled_message'),
    sent_as: z.string().max(1000).optional().meta({ description: 'its id with the mail service' }),
    error: z.string().max(1000).optional(),
    is_too_late: z.boolean().default(false),
  }),
  output: z.object({ reference: z.string(), status: z.enum(messageStatuses) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { message_id: 'M-1001' },
  human_only: true,
  roles: [],
  async run(context, { message_id, sent_as, error, is_too_late }) {
    const { id, reference, status } = await lockMessage(context, message_id);
    if (status !== 'sending' && status !== 'failed') return { reference, status };
    const end =
      error === undefined
        ? {
            status: 'sent' as const,
            sent_at: context.now.toString(),
            provider_message_id: sent_as ?? null,
            error: null,
          }
        : { status: is_too_late ? ('skipped' as const) : ('failed' as const), error };
    const row = await updateRow(context, messageRecord, id, end);
    return { reference, status: row.status };
  },
});

const ofMessage = z.object({ message_id: z.string(), to: z.string(), contact_id: z.string() });
type Carried = z.infer<typeof ofMessage>;

/** What an e-mail says of the message it carries; undefined for every other mail. */
export const carriedBy = (job: Job) => ofMessage.safeParse(job.payload).data;

const known = messageRecord.row.pick({ status: true, sent_to: true, send_before: true });
/** What each way for mail calls its own id. */
const ids = z.object({ resend_id: z.string(), message_id: z.string(), file: z.string() }).partial();

/**
 * Delivers the e-mail of a message and writes down what became of it. At least once, like every mail: when the worker
 * dies between the two, the mail goes out again under the same id. One that is sent, or goes to another address by now,
 * is not sent again when somebody retries a dead delivery.
 */
export async function deliverMessage(
  job: Job,
  tools: JobTools,
  { message_id, to, contact_id }: Carried,
  send: () => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const { organization_id: organization } = job;
  const record = (what: { sent_as?: string; error?: string; is_too_late?: boolean }) =>
    tools.execute(organization, { action: 'message.record_delivery', data: { message_id, ...what } });
  const fields = Object.keys(known.shape);
  const [row] = await tools.read(organization, 'scheduled_messages', { id: message_id, fields });
  const { status, sent_to, send_before } = known.parse(row);
  if ((status !== 'sending' && status !== 'failed') || sent_to !== to) {
    return { skipped: `the message is ${status}` };
  }
  if (send_before !== null && (await isOvertaken(tools, organization, { message_id, contact_id }))) {
    await record({ error: 'It was too late: it had waited too long to go out.', is_too_late: true });
    return { skipped: 'it was too late' };
  }
  const outcome = await send().catch(async (error: unknown) => {
    if (isTheEnd(job, error)) await record({ error: messageOf(error).slice(0, 500) });
    throw error;
  });
  const { resend_id, message_id: smtp_id, file } = ids.parse(outcome);
  const sent_as = resend_id ?? smtp_id ?? file;
  await record(sent_as === undefined ? {} : { sent_as });
  return outcome;
}

/** Whether a mail has waited until nobody needs it any more. */
async function isOvertaken(
  tools: JobTools,
  organization: string,
  { message_id, contact_id }: Omit<Carried, 'to'>,
): Promise<boolean> {
  const asked = { filter: 'overtaken', params: { contact_id }, fields: ['reference'], limit: 100 };
  const late = await tools.read(organization, 'scheduled_messages', asked);
  return late.some(({ id }) => id === message_id);
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const isTheEnd = ({ attempts, max_attempts }: Job, error: unknown): boolean =>
  error instanceof PermanentFailure || attempts >= max_attempts;
