import { broken, compareFiles, entriesOf, entryOf, open, rowsOf } from '../exports/read-archive.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type BackupManifest, type BackupTable, backupManifest, backupVersion } from './format.ts';

/** A backup that has been looked through. */
export interface Backup {
  manifest: BackupManifest;
  /** The lines of a table, some together as one JSON array. */
  rows(table: BackupTable): AsyncGenerator<{ json: string; count: number }>;
  close(): void;
}

/**
 * Opens a backup and compares every file in it with its checksum. Undefined when the file is something else, such as the archive
 * of one business. Throws VALIDATION_ERROR for a backup that is damaged or newer than this version.
 */
export async function openBackup(path: string): Promise<Backup | undefined> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(path, { autoClose: false, strictFileNames: true });
  try {
    const entries = await entriesOf(zip);
    if (!entries.has('manifest.json')) {
      zip.close();
      return undefined;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of await open(zip, entryOf(entries, 'manifest.json'))) chunks.push(chunk);
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (memberOf(value, 'format') !== 'deskhand installation') {
      zip.close();
      return undefined;
    }
    const version = memberOf(value, 'format_version');
    if (typeof version === 'number' && version > backupVersion) throw newerBackup();
    const read = backupManifest.safeParse(value);
    if (!read.success) throw broken('The manifest of this backup is not one that Deskhand writes.');
    await compareFiles(zip, entries, { tables: read.data.tables, documents: [] });
    return {
      manifest: read.data,
      rows: table => rowsOf(zip, entryOf(entries, table.file)),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    if (error instanceof DeskhandError) throw error;
    throw broken('This backup is damaged: part of it cannot be read.');
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A backup of a version that did not exist when this one was made. */
export const newerBackup = () =>
  new DeskhandError('VALIDATION_ERROR', 'This backup was taken by a newer Deskhand than this one.', {
    hint: 'Update this installation (npm install -g deskhand@latest), then restore again. Nothing was changed.',
  });
