import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Backup } from '../../core/backups/read.ts';
import { restoreBackup } from '../../core/backups/restore.ts';
import { requireInstallation, writeBackup } from '../../core/backups/write.ts';
import { openToWrite } from '../../core/connectors/archives/store.ts';
import { type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { findDatabase } from '../compose.ts';
import type { Config } from '../config.ts';
import { explainOwner } from '../database-trouble.ts';
import { findVault } from '../secret-key.ts';
import { readVersion } from '../version.ts';
import { fileTrouble } from './export.ts';

const counted = (businesses: number) => `${businesses} ${businesses === 1 ? 'business' : 'businesses'}`;

/**
 * `deskhand backup [FILE]`: writes the whole installation into one file while it goes on working. It runs no migration: a backup before
 * an upgrade is one of the version before, whichever program takes it.
 */
export async function backUp(config: Config, file: string | undefined): Promise<void> {
  const now = new Date().toISOString().slice(0, 16).replace(':', '');
  const target = path.resolve(file ?? `deskhand-backup-${now}.zip`);
  const { owner } = await findDatabase(config);
  const { key_id } = await findVault(config);
  const { manifest } = await writeFileOf(config, owner, target, key_id);
  const { tables, businesses } = manifest;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${target}: the whole installation, ${counted(businesses.length)}, ${rows} records in ${tables.length} tables.`,
  );
  console.log(
    key_id === ''
      ? 'Keep it safe, it holds all customers.'
      : `Keep it safe, it holds all customers. Keep ${config.secret === undefined ? 'secret.key of the data folder' : 'DESKHAND_SECRET'} as well, and not beside it: without it the secrets of businesses and the links of customers do not open.`,
  );
  console.log(`To bring it back into an empty database: deskhand restore ${path.basename(target)}`);
}

async function writeFileOf(config: Config, owner: DatabaseAddress, target: string, key_id: string) {
  // Appears whole or not at all: half a backup under its name would be taken for one.
  const part = `${target}.part`;
  const db = openDatabase({ address: owner, connections: 1 });
  try {
    await requireInstallation(db).catch(error => {
      throw explainOwner(error, config, owner);
    });
    const to = await openToWrite(part);
    const written = await writeBackup(db, to, { deskhand_version: readVersion(), key_id });
    await rename(part, target);
    return written;
  } catch (error) {
    await rm(part, { force: true });
    throw fileTrouble(error, target);
  } finally {
    await db.close();
  }
}

/** `deskhand restore FILE` of a backup: into an empty database, without founding or migrating anything before. */
export async function restoreInstallation(
  config: Config,
  backup: Backup,
  holds: readonly string[],
): Promise<void> {
  const { owner } = await findDatabase(config);
  const { key_id } = await findVault(config);
  const { manifest } = backup;
  const restored = await restoreBackup(owner, backup, { holds }).catch(error => {
    throw explainOwner(error, config, owner);
  });
  const at = `${manifest.taken_at.slice(0, 10)} ${manifest.taken_at.slice(11, 16)} UTC`;
  console.log(
    `The installation is back as it was on ${at}: ${counted(manifest.businesses.length)}, ${restored.rows} records in ${restored.tables} tables, every one compared.`,
  );
  if (restored.migrated.length > 0)
    console.log(`It was of an older version: ${restored.migrated.length} migrations ran after it.`);
  const todo = [
    ...(manifest.key_id !== '' && manifest.key_id !== key_id
      ? [
          'its secrets were sealed with another key: start with its secret.key in the data folder, or with its DESKHAND_SECRET',
        ]
      : []),
    ...(restored.held > 0
      ? [`${restored.held} mails and other deliveries waited then and are held: the page /outbox shows them`]
      : []),
  ];
  if (todo.length > 0) console.log(`Still to do:\n${todo.map(line => `  ${line}`).join('\n')}`);
  console.log(
    'If the installation it was taken from still runs, stop that one: both would write to the customers.',
  );
}
