import path from 'node:path';
import type { MailSettings } from '../core/connectors/email/index.ts';
import type { ModelSettings } from '../core/connectors/llm/index.ts';
import type { StripeSettings } from '../core/connectors/stripe/index.ts';
import type { DatabaseAddress } from '../core/kernel/database/db.ts';
import { noProxies, readProxies, type TrustedProxies } from './http/client-address.ts';
import { readConnections, readDatabaseUrl, readPatience, withPassword } from './settings/database.ts';
import { readLlm } from './settings/llm.ts';
import { readMail } from './settings/mail.ts';
import { readSecret, readSecrets, withFiles } from './settings/secrets.ts';
import { readStripe } from './settings/stripe.ts';
import { ConfigError, readSwitch } from './settings/values.ts';
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
  /** A copy that follows the database, for reading. */
  replica?: DatabaseAddress;
  /** Whether statements are prepared by name; undefined: where a connection is seen to keep them. */
  prepares?: boolean;
  /** How many connections a server or worker opens at most; undefined: twenty and ten. */
  connections?: number;
  /** How long a call waits for a database that has gone, in milliseconds; undefined: ten seconds. */
  patience_ms?: number;
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
  /** How the other commands are called where this one runs, as they are told to people. */
  command: string;
  runsWorker: boolean;
  /** Where `deskhand worker` answers health checks; nowhere when left out. */
  workerPort?: number;
  watching: Watching;
}

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
  const replica = address('REPLICA_URL');
  const prepares = env.PREPARED_STATEMENTS
    ? readSwitch('PREPARED_STATEMENTS', env.PREPARED_STATEMENTS, true)
    : undefined;
  const connections = readConnections(env.DATABASE_CONNECTIONS);
  const patience_ms = readPatience(env.DATABASE_PATIENCE);
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
    ...(replica ? { replica } : {}),
    ...(prepares === undefined ? {} : { prepares }),
    ...(connections === undefined ? {} : { connections }),
    ...(patience_ms === undefined ? {} : { patience_ms }),
    ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
    mail: readMail(env, dataDir),
    ...(llm ? { llm } : {}),
    stripe: readStripe(env.STRIPE_API_URL),
    ...(secret === undefined ? {} : { secret }),
    secrets: readSecrets(env),
    proxies: readTrustedProxies(env.TRUSTED_PROXIES),
    logLevel,
    command: env.DESKHAND_COMMAND || 'npx deskhand',
    ...(env.WORKER_PORT ? { workerPort: readPort(env.WORKER_PORT, 'WORKER_PORT') } : {}),
    watching: readWatching(env),
  };
}

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
