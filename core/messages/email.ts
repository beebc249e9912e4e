import { z } from 'zod';
import { invitation, writeInvitation } from '../calendars/invitation.ts';
import { type Drawn, fileName, type Paper, paperRow, pictureFor, writePaper } from '../invoices/paper.ts';
import { NoSuchAddress, PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Attachment, Mail } from '../kernel/outside/mail.ts';
import type { Job, JobOutcome } from '../kernel/outside/outbox.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import type { FileTools } from '../kernel/registry/view.ts';
import { linkMinutes } from '../sign-in/sign-in.ts';
import {
  type StatementPaper,
  statementFileName,
  statementPaper,
  writeStatement,
} from '../statements/paper.ts';
import { htmlOf, textOf } from './frame.ts';
import { carriedBy, deliverMessage, recordFailure } from './record-delivery.ts';
import { unsubscribeWords } from './unsubscribe.ts';
import { linksIn } from './words.ts';

const payload = z.object({
  to: z.email({ pattern: z.regexes.unicodeEmail }),
  // A header is one line.
  subject: z.string().transform(subject => subject.replace(/\s*[\r\n]+\s*/g, ' ')),
  text: z.string(),
  from_name: z.string().default('Deskhand'),
  reply_to: z.email({ pattern: z.regexes.unicodeEmail }).optional(),
  /** Below the text: who writes. A mail to a customer has it, and is written as a page as well. */
  footer: z.string().optional(),
  /** What the names of links in the text stand for; their addresses are made here, so that only the mail has them. */
  links: z.record(z.string(), z.object({ purpose: z.string(), id: z.uuid(), query: z.string() })).default({}),
  /** The id of the link that stands below the text, and in the head for a mail program's own button (RFC 8058). */
  unsubscribe_link: z.uuid().optional(),
  /** The bill it is about, as it was when the mail was written. */
  paper: paperRow.optional(),
  /** The statement it brings, as it was then. */
  account: statementPaper.optional(),
  /** The visit it is about, for the calendar of the customer. */
  invitation: invitation.optional(),
});
type Payload = z.infer<typeof payload>;

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
  async gaveUp(job, tools, why) {
    const message = carriedBy(job);
    if (message) await recordFailure(job, tools, message, why);
  },
};

/** Sends a mail to a customer. A server that knows nobody there is believed: the address is not written to again. */
async function sendToCustomer(job: Job, tools: JobTools<'mail'>): Promise<JobOutcome> {
  const { organization_id, id } = job;
  return sendMail(job, tools).catch(async (error: unknown) => {
    if (error instanceof NoSuchAddress) {
      const occurred_at = new Date().toISOString();
      const data = { queued_as: id, delivery: 'bounced', occurred_at, reason: error.codes };
      await tools.execute(organization_id, { action: 'message.record_event', data });
    }
    throw error;
  });
}

async function sendMail(job: Job, tools: JobTools<'mail'>): Promise<JobOutcome> {
  const mail = payload.safeParse(job.payload);
  if (!mail.success) throw new PermanentFailure('This e-mail has no usable address, subject or text.');
  const addressOf = (purpose: string, id: string) => tools.linkAddress(job.organization_id, purpose, id);
  const read: FileTools['read'] = (type, query) => tools.read(job.organization_id, type, query);
  const files = await filesOf(mail.data, { queued_at: job.created_at, addressOf, read });
  return tools.connectors.mail.send({ id: job.id, ...writeMail(mail.data, addressOf), ...files });
}

/** Every attempt brings the same bytes: Resend takes a message once, and with one content only. */
async function filesOf(
  { paper, account, invitation: visit, links }: Payload,
  {
    queued_at,
    addressOf,
    read,
  }: {
    queued_at: string;
    addressOf: (purpose: string, id: string) => string;
    read: FileTools['read'];
  },
): Promise<Pick<Mail, 'attachments'>> {
  const { payment_link: pay } = links;
  const pay_at = pay && addressOf(pay.purpose, pay.id);
  const files = [
    ...(paper === undefined
      ? []
      : [await attachPaper(paper, { pay_at, logo: await pictureFor(paper, read) })]),
    ...(account === undefined ? [] : [await attachStatement(account, await pictureFor(account, read))]),
    ...(visit === undefined ? [] : [writeInvitation(visit, queued_at)]),
  ];
  return files.length === 0 ? {} : { attachments: files };
}

const attachPaper = async (paper: Paper, drawn: Drawn): Promise<Attachment> => ({
  filename: fileName(paper),
  content_type: 'application/pdf',
  content: (await writePaper(paper, drawn)).toString('base64'),
  encoding: 'base64',
});

const attachStatement = async (account: StatementPaper, logo: Buffer | undefined): Promise<Attachment> => ({
  filename: statementFileName(account),
  content_type: 'application/pdf',
  content: (await writeStatement(account, logo)).toString('base64'),
  encoding: 'base64',
});

/** A queued mail as it leaves. Throws PermanentFailure for one with a name in it that stands for nothing. */
function writeMail(
  { to, from_name, subject, text, reply_to, ...mail }: Payload,
  addressOf: (purpose: string, id: string) => string,
): Omit<Mail, 'id'> {
  const sent = { to, from_name, subject, reply_to };
  const { footer, unsubscribe_link: stop } = mail;
  const unsubscribe = stop === undefined ? undefined : addressOf('unsubscribe', stop);
  const headers = unsubscribe === undefined ? {} : { headers: oneClick(unsubscribe) };
  if (footer === undefined) {
    return {
      ...sent,
      ...headers,
      text: `${text}${unsubscribe === undefined ? '' : unsubscribeWords(unsubscribe)}`,
    };
  }
  const links = Object.fromEntries(
    Object.entries(mail.links).map(([name, { purpose, id, query }]) => [
      name,
      `${addressOf(purpose, id)}${query}`,
    ]),
  );
  if (unsubscribe !== undefined) links.unsubscribe_link = unsubscribe;
  const unknown = linksIn(text).find(name => links[name] === undefined);
  if (unknown !== undefined) throw new PermanentFailure(`There is no address for ${unknown} in this e-mail.`);
  const framed = { subject, text, footer, links, unsubscribe };
  return { ...sent, ...headers, text: textOf(framed), html: htmlOf(framed) };
}

/** One press in the mail program, without a page (RFC 8058). */
const oneClick = (address: string) => ({
  'List-Unsubscribe': `<${address}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

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
