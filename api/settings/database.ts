import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { ConfigError } from './values.ts';

export function readDatabaseUrl(name: string, text: string): DatabaseAddress {
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

/** The password in the address comes first. */
export const withPassword = (address: DatabaseAddress, password: string | undefined): DatabaseAddress =>
  address.password !== undefined || !password ? address : { ...address, password };

export function readConnections(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\d{1,4}$/.test(text) && Number(text) >= 3) return Number(text);
  throw new ConfigError(
    `DATABASE_CONNECTIONS is "${text}"; use how many connections a server may open, from 3 to 9999, such as DATABASE_CONNECTIONS=20.`,
  );
}

/** How long a call waits for a database that has gone, in milliseconds; undefined when nothing is said. */
export function readPatience(text: string | undefined): number | undefined {
  if (!text) return undefined;
  if (/^\d{1,3}$/.test(text)) return Number(text) * 1000;
  throw new ConfigError(
    `DATABASE_PATIENCE is "${text}"; use how many seconds a call may wait for a database that has gone, such as DATABASE_PATIENCE=10.`,
  );
}
