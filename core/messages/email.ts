import { z } from 'zod';
import { NoSuchAddress, PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Job, JobOutcome } from '../kernel/outside/outbox.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { linkMinutes } from '../sign-in/sign-in.ts';
import { carriedBy, deliverMessage } from './record-delivery.ts';
import { unsubscribeWords } from './unsubscribe.ts';

const payload = z.object({
  to: z.email({ pattern: z.regexes.unicodeEmail }),
  // A header is one line.
  subject: z.string().transform(subject => subject.replace(/\s*[\r\n]+\s*/g, ' ')),
  text: z.string(),
  from_name: z.string().default('Deskhand'),
  /** The id of the link that stands below the text; its address is made here, so that only the mail has it. */
  unsubscribe_link: z.uuid().optional(),
});

/**
 * Delivers one queued e-mail. The job's id is the message's id, so a second delivery is the same message (EML-11). One
 * that carries a scheduled message tells it what became of it.
 */
export const deliverEmail: JobHandler<'mail'> = {
  kind: 'email',
  summary: 'sends an e-mail',
  connectors: ['mail'],
  async run(job, tools) {
    const message = carriedBy(job);
    const send = () => sendToCustomer(job, tools);
    return message ? deliverMessage(job, tools, message, send) : send();
  },
};

const written = z.object({ email: z.string().nullable(), email_status: z.string() });

/**
 * Sends a mail to a customer, unless mail to that address has come back since it was queued. A server that knows nobody
 * there is believed: the address is not written to again.
 */
async function sendToCustomer(job: Job, tools: JobTools<'mail'>): Promise<JobOutcome> {
  const { organization_id, id, payload: given } = job;
  if (typeof given.contact_id === 'string') {
    const [row] = await tools.read(organization_id, 'contacts', {
      id: given.contact_id,
      fields: Object.keys(written.shape),
    });
    const { data: customer } = written.safeParse(row);
    const isSame = customer?.email?.toLowerCase() === String(given.to).toLowerCase();
    if (customer && isSame && customer.email_status !== 'ok')
      throw new PermanentFailure(
        'Mail to this address has come back, or was called spam, since it was written.',
      );
  }
  return sendMail(job, tools).catch(async (error: unknown) => {
    if (error instanceof NoSuchAddress) {
      const occurred_at = new Date().toISOString();
      const data = { job_id: id, delivery: 'bounced', occurred_at, reason: error.codes };
      await tools.execute(organization_id, { action: 'message.record_event', data });
    }
    throw error;
  });
}

async function sendMail(job: Job, tools: JobTools<'mail'>): Promise<JobOutcome> {
  const mail = payload.safeParse(job.payload);
  if (!mail.success) throw new PermanentFailure('This e-mail has no usable address, subject or text.');
  const { unsubscribe_link: link, text, ...rest } = mail.data;
  const below =
    link === undefined ? '' : unsubscribeWords(tools.linkAddress(job.organization_id, 'unsubscribe', link));
  return tools.connectors.mail.send({ id: job.id, ...rest, text: `${text}${below}` });
}

/** The mail with a sign-in link: delivered alike, but a kind of its own, because nobody may read it in the outbox. */
export const deliverSignInEmail: JobHandler<'mail'> = {
  ...deliverEmail,
  kind: 'sign_in_email',
  summary: 'sends a sign-in link',
  // The database forgets the text as soon as the job is done or given up, and a link that is over is given up.
  async run(job, tools) {
    if (Date.now() - Date.parse(job.created_at) > linkMinutes * 60_000) {
      throw new PermanentFailure('This sign-in link is over. Ask for a new one.');
    }
    return sendMail(job, tools);
  },
};
