import type { Resend } from 'resend';
import { z } from 'zod';
import { AllBusy, PermanentFailure, RetryLater } from '../../kernel/outside/delivery-failure.ts';
import type { Mail, MailTransport } from '../../kernel/outside/mail.ts';
import { secondsOf } from '../retry-after.ts';

export interface ResendSettings {
  apiKey: string;
  /** Another place than Resend's own: a proxy, or a stand-in of the tests. */
  baseUrl?: string;
  timeoutMs?: number;
  /** How many mails a second Resend takes from this team. */
  perSecond?: number;
}

/** Well below the lease of a job (60 s), so that no second worker sends what the first one still tries. */
const patience = 20_000;
/** What Resend takes from everybody, all keys of a team together, until it is asked for more. */
const perSecond = 2;
/** A little slower than is allowed: two mails that were a second apart here may be less there. */
const spacingAt = (per_second: number): number => Math.ceil(1_100 / per_second);
/** A quota that is used up does not come back within the minutes the worker's attempts take. */
const quotaWait = 3_600;

/** Sends through Resend (EML-11). The message's id is the idempotency key: delivered twice, it is sent once. */
export function openResend(settings: ResendSettings & { from: string }): MailTransport {
  const { apiKey, baseUrl, from, timeoutMs = patience } = settings;
  let client: Promise<Resend> | undefined;
  const open = async () => {
    // Loaded by the first mail: most commands send none.
    const { Resend } = await import('resend');
    return new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });
  };
  return {
    knows_ids: true,
    spacing_ms: spacingAt(settings.perSecond ?? perSecond),
    async send(mail) {
      client ??= open();
      const { emails } = await client;
      const { data, error, headers } = await emails.send(
        { from: sender(mail.from_name, from), ...requestOf(mail) },
        { idempotencyKey: mail.id, signal: AbortSignal.timeout(timeoutMs) },
      );
      if (data) return { resend_id: data.id };
      throw headers
        ? explain(error, headers['retry-after'])
        : new Error('Resend could not be reached in time.');
    },
  };
}

/** A mail as Resend takes it; files in base64, as its contract has them. */
const requestOf = ({ to, subject, text, html, reply_to, headers, attachments }: Mail) => ({
  to: [to],
  subject,
  text,
  ...(html === undefined ? {} : { html }),
  ...(reply_to === undefined ? {} : { replyTo: [reply_to] }),
  ...(headers === undefined ? {} : { headers: { ...headers } }),
  ...(attachments === undefined
    ? {}
    : {
        attachments: attachments.map(({ filename, content_type, content, encoding }) => ({
          filename,
          contentType: content_type,
          content: Buffer.from(content, encoding).toString('base64'),
        })),
      }),
});

/** `Bright Panes <office@example.com>`, quoted where the name has characters that mean something in an address. */
function sender(name: string, address: string): string {
  const clean = name.replace(/[\s\p{Cc}"\\<>]+/gu, ' ').trim();
  if (clean === '') return address;
  return /[()[\]:;@,.]/.test(clean) ? `"${clean}" <${address}>` : `${clean} <${address}>`;
}

const refusal = z.object({
  statusCode: z.number().optional().catch(undefined),
  name: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .optional()
    .catch(undefined),
});

// Only codes are passed on: what a service writes beside them is text of a stranger, and agents read these sentences.
function explain(error: unknown, retryAfter: string | undefined): Error {
  const { statusCode, name = '' } = refusal.safeParse(error).data ?? {};
  if (statusCode === undefined) return new Error('Resend answered something unreadable.');
  const codes = `${statusCode} ${name}`.trim();
  if (name.endsWith('_quota_exceeded')) {
    return new AllBusy(`The quota at Resend is used up (${codes}).`, quotaWait);
  }
  if (isTransient(statusCode, name)) {
    const Later = statusCode === 429 ? AllBusy : RetryLater;
    return new Later(`Resend takes the message later (${codes}).`, secondsOf(retryAfter));
  }
  return new PermanentFailure(`Resend refused the message (${codes}).${hints[name] ?? ''}`);
}

const isTransient = (status: number, name: string): boolean =>
  status >= 500 || [408, 425, 429].includes(status) || name === 'concurrent_idempotent_requests';

const hints: Readonly<Record<string, string>> = {
  missing_api_key: ' Check RESEND_API_KEY.',
  invalid_api_key: ' Check RESEND_API_KEY.',
  restricted_api_key: ' RESEND_API_KEY may not send.',
  invalid_from_address: ' Check MAIL_FROM.',
  validation_error: ' Check the recipient, and that Resend has verified the domain of MAIL_FROM.',
  invalid_idempotent_request: ' It took this message before, with other content.',
};
