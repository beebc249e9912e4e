import { setTimeout as pause } from 'node:timers/promises';
import type { Resend } from 'resend';
import { z } from 'zod';
import { PermanentFailure, RetryLater } from '../../kernel/outside/delivery-failure.ts';
import type { Mail, MailTransport } from '../../kernel/outside/mail.ts';
import { secondsOf } from '../retry-after.ts';

export interface ResendSettings {
  apiKey: string;
  /** Another place than Resend's own: a proxy, or a stand-in of the tests. */
  baseUrl?: string;
  timeoutMs?: number;
}

/** Well below the lease of a job (60 s), so that no second worker sends what the first one still tries. */
const patience = 20_000;
/** Resend takes two requests a second; beyond that every mail of a long list would use up its attempts. */
const spacing = 500;
/** A quota that is used up does not come back within the minutes the worker's attempts take. */
const quotaWait = 3_600;

/** Sends through Resend (EML-11). The message's id is the idempotency key: delivered twice, it is sent once. */
export function openResend(settings: ResendSettings & { from: string }): MailTransport {
  const { apiKey, baseUrl, from, timeoutMs = patience } = settings;
  const turn = turnstile(spacing);
  let client: Promise<Resend> | undefined;
  const open = async () => {
    // Loaded by the first mail: most commands send none.
    const { Resend } = await import('resend');
    return new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl });
  };
  return {
    async send(mail) {
      client ??= open();
      const { emails } = await client;
      await turn();
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
    return new RetryLater(`The quota at Resend is used up (${codes}).`, quotaWait);
  }
  if (isTransient(statusCode, name)) {
    return new RetryLater(`Resend takes the message later (${codes}).`, secondsOf(retryAfter));
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

/** Lets one caller pass at a time, `spacing_ms` apart. */
function turnstile(spacing_ms: number): () => Promise<void> {
  let free = 0;
  return async () => {
    const now = performance.now();
    const mine = Math.max(now, free);
    free = mine + spacing_ms;
    if (mine > now) await pause(mine - now);
  };
}
