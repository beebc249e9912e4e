import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
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
    const send = () => sendMail(job, tools);
    return message ? deliverMessage(job, tools, message, send) : send();
  },
};

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
