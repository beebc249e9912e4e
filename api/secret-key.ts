import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockedVault, openVault, type Vault } from '../core/kernel/outside/seal.ts';
import type { Config } from './config.ts';
import { ConfigError } from './settings/values.ts';

/** Only the account that runs Deskhand reads it. Who has it and the database has the secrets. */
const keyFile = 'secret.key';

/**
 * The vault of this installation: under DESKHAND_SECRET, else under a key file that the first start writes into the data
 * folder. Where neither can be had, everything works but secrets and links. Throws ConfigError for a key file others may
 * read.
 */
export async function findVault({ secret, dataDir }: Pick<Config, 'secret' | 'dataDir'>): Promise<Vault> {
  if (secret !== undefined) return openVault(secret);
  const file = path.join(dataDir, keyFile);
  try {
    await makeKey(dataDir, file);
    await requirePrivate(file);
    return openVault((await readFile(file, 'utf8')).trim());
  } catch (error) {
    if (isUnwritable(error)) return lockedVault;
    throw error;
  }
}

/** Written aside and linked into place: of several processes that start at once, one key wins and all read it. */
async function makeKey(folder: string, file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(aside, `${randomBytes(32).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  });
  try {
    await chmod(aside, 0o600);
    await link(aside, file).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { force: true });
  }
}

async function requirePrivate(file: string): Promise<void> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new ConfigError(`Others may read ${file}, the key of this installation; run: chmod 600 ${file}`);
}

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined);

/** A read-only image with its database elsewhere. */
const isUnwritable = (error: unknown) => ['EACCES', 'EPERM', 'EROFS'].includes(String(codeOf(error)));
