import type { DatabaseAddress } from '../core/kernel/database/db.ts';
import { sqlState } from '../core/kernel/words/errors.ts';
import { messageOf } from '../core/kernel/words/message-of.ts';
import { ConfigError } from './settings/values.ts';

/**
 * What is wrong with the PostgreSQL of `setting` (DATABASE_URL or DATABASE_OWNER_URL) and what to do, in place of what
 * the driver throws. Anything that is no matter of reaching it or of rights comes back as it is.
 */
export function explainDatabase(error: unknown, setting: string, address: DatabaseAddress): unknown {
  const { host, port, user, database } = address;
  const at = host.startsWith('/') ? host : `${host}:${port}`;
  const code = sqlState(error) ?? '';
  const said = messageOf(error);
  const sentence = (text: string) => new ConfigError(text, { cause: error });
  if (code === '3D000') {
    return sentence(
      `There is no database "${database}" at ${at}. Create it (createdb ${database}), or correct ${setting}.`,
    );
  }
  if (code.startsWith('28') || said.startsWith('SASL')) {
    return sentence(
      `The PostgreSQL at ${at} does not let "${user}" in (${said}). Correct user and password in ${setting}.`,
    );
  }
  if (code === '42501') {
    return sentence(
      `"${user}", the user of ${setting}, may not do what Deskhand needs (${said}). Run as a superuser: grant ` +
        `deskhand_app to ${user}; and set DATABASE_OWNER_URL to a user who may change the schema.`,
    );
  }
  if (code.startsWith('53') || code.startsWith('57P')) {
    return sentence(
      `The PostgreSQL at ${at} takes no more callers right now (${said}). Try again in a moment.`,
    );
  }
  if (isAboutTls(code, said)) {
    return sentence(
      `The PostgreSQL at ${at} cannot be reached with TLS (${said}). Correct its certificate (NODE_EXTRA_CA_CERTS ` +
        `names one of your own), or leave sslmode out of ${setting}.`,
    );
  }
  if (unreached.has(code)) {
    return sentence(
      `No PostgreSQL answers at ${at} (${code}). Start it or correct ${setting}${setting === 'REPLICA_URL' ? '' : '; without DATABASE_URL Deskhand brings its own'}.`,
    );
  }
  if (isStranger(said)) {
    return sentence(
      `What answers at ${at} is no PostgreSQL, or a very slow one (${said}). Correct ${setting}.`,
    );
  }
  return error;
}

/** The same of the database in which the schema is changed; what the embedded one throws comes back as it is. */
export const explainOwner = (
  error: unknown,
  { database, ownerDatabase }: { database?: DatabaseAddress; ownerDatabase?: DatabaseAddress },
  owner: DatabaseAddress,
): unknown =>
  database ? explainDatabase(error, ownerDatabase ? 'DATABASE_OWNER_URL' : 'DATABASE_URL', owner) : error;

const unreached = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENOENT', 'EACCES', 'ENOTSOCK'],
]);

const isAboutTls = (code: string, said: string) =>
  /^ERR_(TLS|SSL)|CERT|UNABLE_TO_/.test(code) || /does not support SSL|SSL connection/i.test(said);

const isStranger = (said: string) =>
  /connection terminated|timeout|unknown (message|authentication)|stream|out of range/i.test(said);
