import type { JobOutcome } from './outbox.ts';

/** One e-mail on its way out. The address it comes from belongs to the way it takes. */
export interface Mail {
  /** Our own id of the message: the same id sent twice is the same message, wherever the way there can tell. */
  id: string;
  from_name: string;
  to: string;
  subject: string;
  text: string;
}

/** A way for e-mail to leave the house (decision 10). */
export interface MailTransport {
  /** So long after one mail the next may go, in milliseconds; whoever sends many keeps to it. As fast as it goes when left out. */
  readonly spacing_ms?: number;
  /**
   * Sends a mail and answers what is kept with its job. Throws PermanentFailure when another attempt cannot help, and
   * any other error when it may. Messages are short, for people and agents, and hold no secret and no text of others.
   */
  send(mail: Mail): Promise<JobOutcome>;
}
