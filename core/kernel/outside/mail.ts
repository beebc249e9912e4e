import type { JobOutcome } from './outbox.ts';

/** A file that goes along with a mail. */
export interface Attachment {
  filename: string;
  /** `text/calendar; charset=utf-8; method=REQUEST` */
  content_type: string;
  /** Text as it is, anything else in base64. */
  content: string;
  encoding: 'utf8' | 'base64';
}

/** One e-mail on its way out. The address it comes from belongs to the way it takes. */
export interface Mail {
  /** Our own id of the message: the same id sent twice is the same message, wherever the way there can tell. */
  id: string;
  from_name: string;
  to: string;
  subject: string;
  text: string;
  /** The same as a page; programs that show none have the text. */
  html?: string | undefined;
  /** Where answers go, when not to the address it comes from. */
  reply_to?: string | undefined;
  /** Lines of the head besides, by name. */
  headers?: Readonly<Record<string, string>> | undefined;
  attachments?: readonly Attachment[] | undefined;
}

/** A way for e-mail to leave the house (decision 10). */
export interface MailTransport {
  /**
   * Sends a mail and answers what is kept with its job. Throws PermanentFailure when another attempt cannot help, and
   * any other error when it may. Messages are short, for people and agents, and hold no secret and no text of others.
   */
  send(mail: Mail): Promise<JobOutcome>;
}
