import { z } from 'zod';
import { NoSuchAddress, PermanentFailure, RetryLater } from '../../kernel/outside/delivery-failure.ts';
import type { MailTransport } from '../../kernel/outside/mail.ts';
import { toMessage } from './message.ts';

export interface SmtpSettings {
  host: string;
  port: number;
  /** TLS from the first byte (`smtps://`). */
  secure: boolean;
  login?: { user: string; pass: string };
  /** For one message, all steps together. */
  timeoutMs?: number;
  /** How many mails a second the server takes; as many as it goes when left out. */
  perSecond?: number;
}

/** Well below the lease of a job (60 s), so that no second worker sends what the first one still tries. */
const patience = 30_000;
/** A server that says "later" (grey listing, too busy) means minutes; the worker's first attempts are seconds apart. */
const later = 60;

/**
 * Sends through a mail server. SMTP knows no idempotency: a second delivery carries the same Message-ID, and no more
 * can be done. A password goes over an encrypted connection or not at all, except on this machine.
 */
export function openSmtp(settings: SmtpSettings & { from: string }): MailTransport {
  const { host, port, secure, login, from, perSecond, timeoutMs = patience } = settings;
  const isHere = ['localhost', '127.0.0.1', '::1'].includes(host);
  const step = Math.min(10_000, timeoutMs);
  const options = {
    host,
    port,
    secure,
    ...(login ? { auth: login } : {}),
    ...(isHere ? { ignoreTLS: true } : { requireTLS: login !== undefined }),
    dnsTimeout: step,
    connectionTimeout: step,
    greetingTimeout: step,
    socketTimeout: timeoutMs,
  };
  return {
    spacing_ms: perSecond === undefined ? 0 : Math.ceil(1_000 / perSecond),
    async send(mail) {
      // Loaded by the first mail: most commands send none.
      const { createTransport } = await import('nodemailer');
      const message = { ...toMessage(mail, from), signal: AbortSignal.timeout(timeoutMs) };
      try {
        const { messageId } = await createTransport(options).sendMail(message);
        return { message_id: messageId };
      } catch (error) {
        throw explain(error, `${host}:${port}`);
      }
    },
  };
}

const failure = z.object({
  code: z.string().optional(),
  /** What the system said: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED. */
  originalCode: z.string().optional(),
  responseCode: z.number().optional(),
  response: z.string().optional(),
  command: z.string().optional(),
});
type Failure = z.infer<typeof failure>;

// Only codes are passed on: what a server writes beside them is text of a stranger, and agents read these sentences.
function explain(error: unknown, server: string): Error {
  const known = failure.safeParse(error);
  const {
    code = 'unknown reason',
    originalCode,
    responseCode = 0,
    ...more
  } = known.success ? known.data : {};
  const reason = originalCode ?? code;
  if (code === 'ETLS') return new Error(`The connection to ${server} could not be encrypted (${reason}).`);
  if (responseCode >= 500) {
    const codes = codesOf(responseCode, more);
    const words = `The mail server refused ${subjectOf(more)} (${codes}).`;
    return isNoAddress(codes, more) ? new NoSuchAddress(words, codes) : new PermanentFailure(words);
  }
  if (responseCode >= 400) {
    const codes = codesOf(responseCode, more);
    return new RetryLater(`The mail server takes ${subjectOf(more)} later (${codes}).`, later);
  }
  if (['EENVELOPE', 'EMESSAGE', 'EAUTH'].includes(code)) {
    return new PermanentFailure(`This mail cannot be sent through ${server} (${reason}).`);
  }
  if (code === 'EABORT') return new Error(`The mail server ${server} took too long.`);
  return new Error(`The mail server ${server} could not be reached (${reason}).`);
}

/**
 * Whether a refusal says that the recipient does not exist (RFC 3463: X.1.1, 2, 3, 6 and 10, and a mailbox that is closed,
 * X.2.1). What is said of a sender (X.1.7, X.1.8), of a mailbox that is full or of the rules of a server (X.7) says nothing of
 * the address. A server that gives no such code means a mailbox by 550, 551 and 553, unless its words are about us. What
 * comes back later, as a mail of its own, nobody here sees.
 */
const isNoAddress = (codes: string, { command = '', response = '' }: Failure): boolean =>
  command === 'RCPT TO' &&
  (/ 5\.(?:1\.(?:[1236]|10)|2\.1)$/.test(codes) || (/^55[013]$/.test(codes) && !isAboutUs.test(response)));

const isAboutUs =
  /sender|\bfrom\b|relay|polic|spam|block|black|denied|forbidden|not allowed|reputation|auth|spf|dkim|dmarc|helo|client|\bip\b|dns|rate|limit|quota|full|temporar|later/i;

function subjectOf({ command = '' }: Failure): string {
  if (command.startsWith('AUTH')) return 'the login in SMTP_URL';
  if (command === 'MAIL FROM') return 'the sender';
  if (command === 'RCPT TO') return 'the recipient';
  return 'the message';
}

/** `550 5.1.1`: the reply and, where the server gives one, the enhanced status code. */
function codesOf(reply: number, { response = '' }: Failure): string {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  return enhanced === undefined ? String(reply) : `${reply} ${enhanced}`;
}
