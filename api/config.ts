import path from 'node:path';
import type { DatabaseAddress } from '../core/kernel/db.ts';

/** What the environment says; every value checked, so that a wrong one stops the start with a sentence. */
export interface Config {
  host: string;
  port: number;
  dataDir: string;
  /** Where people reach the server, without a slash at the end. */
  baseUrl: string;
  demo: boolean;
  /** Undefined: the embedded database in the data folder. */
  database?: DatabaseAddress;
  /** For migrations, when the login of DATABASE_URL may not change the schema. */
  ownerDatabase?: DatabaseAddress;
  logLevel: string;
  runsWorker: boolean;
}

/** A setting that cannot be used; the message says what to do. */
export class ConfigError extends Error {}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Reads PORT, HOST, DESKHAND_DATA, BASE_URL, DATABASE_URL, DESKHAND_DEMO and LOG_LEVEL. Throws ConfigError. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const host = env.HOST || '127.0.0.1';
  const port = readPort(env.PORT);
  const database = env.DATABASE_URL ? readDatabaseUrl('DATABASE_URL', env.DATABASE_URL) : undefined;
  const owner = env.DATABASE_OWNER_URL
    ? readDatabaseUrl('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL)
    : undefined;
  const logLevel = env.LOG_LEVEL || 'info';
  if (!logLevels.includes(logLevel)) {
    throw new ConfigError(`LOG_LEVEL is "${logLevel}"; use one of ${logLevels.join(', ')}.`);
  }
  return {
    host,
    port,
    dataDir: path.resolve(env.DESKHAND_DATA || 'data'),
    baseUrl: readBaseUrl(env.BASE_URL, host, port),
    demo: readSwitch('DESKHAND_DEMO', env.DESKHAND_DEMO, true),
    runsWorker: readSwitch('DESKHAND_WORKER', env.DESKHAND_WORKER, true),
    ...(database ? { database } : {}),
    ...(owner ? { ownerDatabase: owner } : {}),
    logLevel,
  };
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 3000;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65535) return Number(text);
  throw new ConfigError(`PORT is "${text}"; use a number from 0 to 65535, such as PORT=3000.`);
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
