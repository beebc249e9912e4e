import path from 'node:path';
import type { MailSettings } from '../../core/connectors/email/index.ts';
import { ConfigError, isHere } from './values.ts';

/** Resend when it has a key, else a mail server when there is one, else files in the outbox folder (decision 10). */
export function readMail(env: NodeJS.ProcessEnv, dataDir: string): MailSettings {
  const from = env.MAIL_FROM ? readMailFrom(env.MAIL_FROM) : undefined;
  const server = env.SMTP_URL ? readSmtpUrl(env.SMTP_URL) : undefined;
  const resend = env.RESEND_API_KEY ? readResend(env.RESEND_API_KEY, env.RESEND_BASE_URL) : undefined;
  const perSecond = readPerSecond(env.MAIL_PER_SECOND);
  const outside = resend ?? server;
  if (!outside) return { way: 'folder', folder: path.join(dataDir, 'outbox'), ...(from ? { from } : {}) };
  if (from) return { ...outside, from, ...(perSecond === undefined ? {} : { perSecond }) };
  throw new ConfigError(
    `${resend ? 'RESEND_API_KEY' : 'SMTP_URL'} is set without MAIL_FROM; say which address mail comes from, such as MAIL_FROM=office@example.com.`,
  );
}

/** How many mails a second whoever takes them takes; undefined for what Resend allows everybody, or no limit. */
function readPerSecond(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const number = Number(text);
  if (number >= 0.1 && number <= 1_000) return number;
  throw new ConfigError(
    `MAIL_PER_SECOND is "${text}"; use how many mails a second your mail service takes, from 0.1 to 1000, such as MAIL_PER_SECOND=2.`,
  );
}

function readMailFrom(text: string): string {
  if (/^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(\.[a-z\d-]+)*$/i.test(text)) return text;
  throw new ConfigError(
    `MAIL_FROM is "${text}"; use one address and nothing else, such as MAIL_FROM=office@example.com.`,
  );
}

function readResend(apiKey: string, baseUrl: string | undefined) {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new ConfigError('RESEND_API_KEY has characters no key has; copy it once more, without quotes.');
  }
  const way = { way: 'resend', apiKey } as const;
  if (!baseUrl) return way;
  const url = URL.parse(baseUrl);
  // The key travels with every request, so only this machine may be reached in clear.
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere(url.hostname)))) {
    throw new ConfigError(
      'RESEND_BASE_URL is no https:// address; leave it out, or write it as https://api.resend.com.',
    );
  }
  return { ...way, baseUrl: baseUrl.replace(/\/+$/, '') };
}

const smtpShape = 'write it as smtp://user:password@host:587, or smtps:// for TLS from the start';

function readSmtpUrl(text: string) {
  const url = URL.parse(text);
  if (!url || !['smtp:', 'smtps:'].includes(url.protocol) || !url.hostname) {
    throw new ConfigError(
      `SMTP_URL is no address of a mail server; ${smtpShape}, with special characters of the password as %40 and the like.`,
    );
  }
  if (!['', '/'].includes(url.pathname) || url.search || url.hash) {
    throw new ConfigError(
      `SMTP_URL has more than a mail server in it; ${smtpShape}, and nothing after the port.`,
    );
  }
  const [user, pass] = [decodeOf(url.username), decodeOf(url.password)];
  if (user === undefined || pass === undefined || (user === '') !== (pass === '')) {
    throw new ConfigError(
      `SMTP_URL has half a login; ${smtpShape}, with special characters of the password as %40 and the like.`,
    );
  }
  const secure = url.protocol === 'smtps:';
  return {
    way: 'smtp',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    ...(user ? { login: { user, pass } } : {}),
  } as const;
}

/** Undefined when it is not percent-encoded properly. */
function decodeOf(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
