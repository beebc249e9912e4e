import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stripeKey, stripeWebhookSecret } from '../core/checkout/secrets.ts';
import type { MailSettings } from '../core/connectors/email/index.ts';
import type { ModelSettings } from '../core/connectors/llm/index.ts';
import type { StripeSettings } from '../core/connectors/stripe/index.ts';
import type { DatabaseAddress } from '../core/kernel/database/db.ts';
import { resendSecret } from '../core/messages/resend-webhook.ts';
import { noProxies, readProxies, type TrustedProxies } from './http/client-address.ts';
import type { Watching } from './watch/index.ts';

/** What the environment says; every value checked, so that a wrong one stops the start with a sentence. */
export interface Config {
  host: string;
  port: number;
  dataDir: string;
  /** Where people reach the server, without a slash at the end. */
  baseUrl: string;
  /** Whether a demo business is founded at the first start, and whether it gets a history. */
  demo: false | 'small' | 'full';
  /** Undefined: the embedded database in the data folder. */
  database?: DatabaseAddress;
  /** For migrations, when the login of DATABASE_URL may not change the schema. */
  ownerDatabase?: DatabaseAddress;
  /** Whether statements are prepared by name; undefined: where a connection is seen to keep them. */
  prepares?: boolean;
  /** How many connections a server or worker opens at most; undefined: twenty and ten. */
  connections?: number;
  /** The way outgoing mail takes: Resend, a mail server, or files in the data folder. */
  mail: MailSettings;
  /** The language model; undefined: rules take its place. */
  llm?: ModelSettings;
  /** Where Stripe is, when not at its own address. */
  stripe: StripeSettings;
  /** What secrets are sealed and links signed with; a key file in the data folder when left out. */
  secret?: string;
  /** Secrets of the installation by name, for businesses that have none of their own. */
  secrets: Readonly<Record<string, string>>;
  /** Proxies in front of the server, believed where a request comes from. */
  proxies: TrustedProxies;
  /** Calls of one credential in a minute, when not as many as usual. */
  callsPerMinute?: number;
  logLevel: string;
  runsWorker: boolean;
  /** Where `deskhand worker` answers health checks; nowhere when left out. */
  workerPort?: number;
  watching: Watching;
}

/** A setting that cannot be used; the message says what to do. */
export class ConfigError extends Error {}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Reads the variables of the README's table. Throws ConfigError, whose message never repeats a secret. */
export function readConfig(given: NodeJS.ProcessEnv = process.env): Config {
  const env = withFiles(given);
  const host = env.HOST || '127.0.0.1';
  const port = readPort(env.PORT);
  const address = (name: string) => {
    const url = env[name];
    return url ? withPassword(readDatabaseUrl(name, url), env.DATABASE_PASSWORD) : undefined;
  };
  const database = address('DATABASE_URL');
  const owner = address('DATABASE_OWNER_URL');
  const prepares = env.PREPARED_STATEMENTS
    ? readSwitch('PREPARED_STATEMENTS', env.PREPARED_STATEMENTS, true)
    : undefined;
  const connections = readConnections(env.DATABASE_CONNECTIONS);
  const logLevel = env.LOG_LEVEL || 'info';
  if (!logLevels.includes(logLevel)) {
    throw new ConfigError(`LOG_LEVEL is "${logLevel}"; use one of ${logLevels.join(', ')}.`);
  }
  const callsPerMinute = env.CALLS_PER_MINUTE ? readCallsPerMinute(env.CALLS_PER_MINUTE) : undefined;
  const dataDir = path.resolve(env.DESKHAND_DATA || 'data');
  const llm = readLlm(env);
  const secret = readSecret(env.DESKHAND_SECRET);
  return {
    host,
    port,
    dataDir,
    baseUrl: readBaseUrl(env.BASE_URL, host, port),
    demo: readDemo(env.DESKHAND_DEMO),
    runsWorker: readSwitch('DESKHAND_WORKER', env.DESKHAND_WORKER, true),
    ...(database ? { database } : {}),
    ...(owner ? { ownerDatabase: owner } : {}),
    ...(prepares === undefined ? {} : { prepares }),
    ...(connections === undefined ? {} : { connections }),
    ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
    mail: readMail(env, dataDir),
    ...(llm ? { llm } : {}),
    stripe: readStripe(env.STRIPE_API_URL),
    ...(secret === undefined ? {} : { secret }),
    secrets: readSecrets(env),
    proxies: readTrustedProxies(env.TRUSTED_PROXIES),
    logLevel,
    ...(env.WORKER_PORT ? { workerPort: readPort(env.WORKER_PORT, 'WORKER_PORT') } : {}),
    watching: readWatching(env),
  };
}

/** Secrets that may lie in a file, as containers hand them over: `NAME_FILE` names it. */
const inFiles = [
  'DATABASE_PASSWORD',
  'DESKHAND_SECRET',
  'METRICS_TOKEN',
  'RESEND_API_KEY',
  'RESEND_WEBHOOK_SECRET',
  'SMTP_URL',
  'STRIPE_SECRET_KEY',
  'STRIPE_WEBHOOK_SECRET',
  'LLM_API_KEY',
] as const;

function withFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read: Record<string, string> = {};
  for (const name of inFiles) {
    const file = env[`${name}_FILE`];
    if (!file) continue;
    if (env[name]) throw new ConfigError(`${name} and ${name}_FILE are both set; use one of them.`);
    try {
      read[name] = readFileSync(file, 'utf8').trim();
    } catch {
      throw new ConfigError(
        `${name}_FILE is "${file}", which cannot be read; name a file with the secret in it.`,
      );
    }
  }
  return { ...env, ...read };
}

/** The password in the address comes first. */
const withPassword = (address: DatabaseAddress, password: string | undefined): DatabaseAddress =>
  address.password !== undefined || !password ? address : { ...address, password };

/** The variables of OpenTelemetry itself say where traces go; its exporter reads the rest of them. */
function readWatching(env: NodeJS.ProcessEnv): Watching {
  const token = env.METRICS_TOKEN;
  if (token && !/^[\x21-\x7e]{16,}$/.test(token)) {
    throw new ConfigError(
      'METRICS_TOKEN is too short or has spaces; use 16 characters or more, such as the output of: openssl rand -hex 16',
    );
  }
  const collector = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (collector && !['http:', 'https:'].includes(URL.parse(collector)?.protocol ?? '')) {
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT is no address of a collector; write it as http://127.0.0.1:4318.',
    );
  }
  const sends = collector && env.OTEL_SDK_DISABLED?.toLowerCase() !== 'true';
  return {
    ...(token ? { metricsToken: token } : {}),
    ...(sends ? { traces: { service: env.OTEL_SERVICE_NAME || 'deskhand' } } : {}),
  };
}

function readSecret(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  if (/^[\x21-\x7e]{32,}$/.test(text)) return text;
  throw new ConfigError(
    'DESKHAND_SECRET is too short or has spaces; use 32 characters or more, such as the output of: openssl rand -base64 32',
  );
}

const secretShapes = [
  {
    variable: 'RESEND_WEBHOOK_SECRET',
    name: resendSecret.name,
    shape: /^whsec_[A-Za-z0-9+/=]{16,}$/,
    words: 'is no signing secret of Resend; copy it from its page Webhooks, it begins with whsec_',
  },
  {
    variable: 'STRIPE_SECRET_KEY',
    name: stripeKey.name,
    shape: stripeKey.shape,
    words: 'is no secret key of Stripe; copy it from its page API keys, it begins with sk_ or rk_',
  },
  {
    variable: 'STRIPE_WEBHOOK_SECRET',
    name: stripeWebhookSecret.name,
    shape: stripeWebhookSecret.shape,
    words: 'is no signing secret of Stripe; copy it from its page Webhooks, it begins with whsec_',
  },
] as const;

function readSecrets(env: NodeJS.ProcessEnv): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const { variable, name, shape, words } of secretShapes) {
    const value = env[variable];
    if (!value) continue;
    if (!shape.test(value)) throw new ConfigError(`${variable} ${words}.`);
    secrets[name] = value;
  }
  return secrets;
}

/** A proxy, or a stand-in of tests; the keys travel with every request. */
function readStripe(baseUrl: string | undefined): StripeSettings {
  if (!baseUrl) return {};
  const url = URL.parse(baseUrl);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere(url.hostname));
  if (url && isSafe && url.pathname === '/' && !url.search && !url.hash && !url.username)
    return { baseUrl: url.origin };
  throw new ConfigError(
    'STRIPE_API_URL is no https:// address alone; leave it out, or write it as https://api.stripe.com.',
  );
}

function readTrustedProxies(text: string | undefined): TrustedProxies {
  if (!text) return noProxies;
  const read = readProxies(text);
  if ('proxies' in read) return read.proxies;
  throw new ConfigError(
    `TRUSTED_PROXIES has "${read.wrong}", which is no address and no range; write addresses of your proxies, such as TRUSTED_PROXIES=127.0.0.1,10.0.0.0/8.`,
  );
}

function readPort(text: string | undefined, name = 'PORT'): number {
  if (text === undefined || text === '') return 3000;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new ConfigError(`${name} is "${text}"; use a number from 0 to 65535, such as ${name}=3000.`);
}

function readConnections(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\d{1,4}$/.test(text) && Number(text) >= 3) return Number(text);
  throw new ConfigError(
    `DATABASE_CONNECTIONS is "${text}"; use how many connections a server may open, from 3 to 9999, such as DATABASE_CONNECTIONS=20.`,
  );
}

function readCallsPerMinute(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) >= 10) return Number(text);
  throw new ConfigError(
    `CALLS_PER_MINUTE is "${text}"; use a number from 10 to 9999999, such as CALLS_PER_MINUTE=3000.`,
  );
}

function readDemo(text: string | undefined): Config['demo'] {
  if (text?.toLowerCase() === 'small') return 'small';
  try {
    return readSwitch('DESKHAND_DEMO', text, true) ? 'full' : false;
  } catch {
    throw new ConfigError(`DESKHAND_DEMO is "${text}"; use 1, small or 0.`);
  }
}

function readSwitch(name: string, text: string | undefined, otherwise: boolean): boolean {
  if (text === undefined || text === '') return otherwise;
  if (['1', 'true', 'yes', 'on'].includes(text.toLowerCase())) return true;
  if (['0', 'false', 'no', 'off'].includes(text.toLowerCase())) return false;
  throw new ConfigError(`${name} is "${text}"; use 1 or 0.`);
}

function readBaseUrl(text: string | undefined, host: string, port: number): string {
  if (!text) {
    const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
    return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
  }
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigError(
      `BASE_URL is "${text}"; use the public address alone, such as https://crm.example.com.`,
    );
  }
  return url.origin;
}

function readDatabaseUrl(name: string, text: string): DatabaseAddress {
  const url = URL.parse(text);
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new ConfigError(
      `${name} is no PostgreSQL address; write it as postgres://user:password@host:5432/database.`,
    );
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  if (!database || !host) {
    throw new ConfigError(
      `${name} names no ${host ? 'database' : 'host'}; write postgres://user:password@host:5432/database.`,
    );
  }
  const sslmode = url.searchParams.get('sslmode');
  return {
    host,
    port: url.port ? Number(url.port) : 5432,
    user: decodeURIComponent(url.username) || 'postgres',
    database,
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(sslmode && sslmode !== 'disable' ? { ssl: true } : {}),
  };
}

/** Resend when it has a key, else a mail server when there is one, else files in the outbox folder (decision 10). */
function readMail(env: NodeJS.ProcessEnv, dataDir: string): MailSettings {
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

const isHere = (hostname: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** Any OpenAI-compatible endpoint (decision 9). None is guessed: what customers wrote goes nowhere nobody named. */
function readLlm({ LLM_BASE_URL, LLM_API_KEY, LLM_MODEL, LLM_TIMEOUT_SECONDS }: NodeJS.ProcessEnv) {
  if (!LLM_BASE_URL) {
    const alone = LLM_API_KEY ? 'LLM_API_KEY' : LLM_MODEL ? 'LLM_MODEL' : undefined;
    if (alone === undefined) return undefined;
    throw new ConfigError(
      `${alone} is set without LLM_BASE_URL; say where the language model is, such as LLM_BASE_URL=https://api.openai.com/v1.`,
    );
  }
  const baseUrl = readLlmUrl(LLM_BASE_URL, Boolean(LLM_API_KEY));
  if (LLM_API_KEY && !/^[\x21-\x7e]+$/.test(LLM_API_KEY)) {
    throw new ConfigError('LLM_API_KEY has characters no key has; copy it once more, without quotes.');
  }
  if (!LLM_MODEL) {
    throw new ConfigError(
      'LLM_BASE_URL is set without LLM_MODEL; name the model, such as LLM_MODEL=qwen3:8b.',
    );
  }
  if (!/^[\x21-\x7e]{1,200}$/.test(LLM_MODEL)) {
    throw new ConfigError(
      'LLM_MODEL has characters no name has; write it as the endpoint lists it, without quotes.',
    );
  }
  const timeoutMs = readSeconds(LLM_TIMEOUT_SECONDS || '30') * 1_000;
  return { baseUrl, ...(LLM_API_KEY ? { apiKey: LLM_API_KEY } : {}), model: LLM_MODEL, timeoutMs };
}

function readLlmUrl(text: string, hasKey: boolean): string {
  const url = URL.parse(text);
  const shape = 'write it as https://api.openai.com/v1 or http://localhost:11434/v1';
  const isWhole = url?.pathname.endsWith('/completions');
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || isWhole) {
    throw new ConfigError(`LLM_BASE_URL is no address of a language model; ${shape}.`);
  }
  if (url.username || url.password) {
    throw new ConfigError(`LLM_BASE_URL has a login in it; ${shape}, and put the key into LLM_API_KEY.`);
  }
  if (hasKey && url.protocol === 'http:' && !isHere(url.hostname)) {
    throw new ConfigError(
      'LLM_BASE_URL is no https:// address, and LLM_API_KEY would travel in clear; use https://, or leave the key out.',
    );
  }
  return text.replace(/\/+$/, '');
}

/** Fifty at most: a job that takes a minute is begun by another worker, and an agent's client gives up by then. */
function readSeconds(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 50) return Number(text);
  throw new ConfigError(`LLM_TIMEOUT_SECONDS is "${text}"; use a number from 1 to 50, such as 30.`);
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
