import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { eraseBusiness } from '../../deletions/erase.ts';
import { writeArchive } from '../../exports/write-archive.ts';
import type { Database } from '../../kernel/database/db.ts';
import type { ArchiveStore } from '../../kernel/outside/archive-store.ts';

export interface ArchiveFolder {
  db: Pick<Database, 'connect'>;
  /** As whoever owns the schema. */
  owner: Pick<Database, 'connect'>;
  /** The data folder of the installation. */
  dataDir: string;
  deskhand_version: string;
}

/** A new file only this account reads. Throws what the system says, before anybody writes. */
export async function openToWrite(file: string) {
  return (await open(file, 'w', 0o600)).createWriteStream({ flush: true });
}

const nameOfOurs = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.zip$/;

/** Where the file of an export lies. Throws for a name that is none of ours, whatever it would lead to. */
export function archiveFile(dataDir: string, name: string): string {
  if (!nameOfOurs.test(name)) throw new Error(`not the name of an export: ${name}`);
  return path.join(dataDir, 'exports', name);
}

/** Keeps exports in the folder `exports` of the data folder, where only this account reads them. */
export function openArchiveFolder({ db, owner, dataDir, deskhand_version }: ArchiveFolder): ArchiveStore {
  return {
    async writeBusiness(organization_id, name) {
      const file = archiveFile(dataDir, name);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const part = `${file}.${process.pid}.part`;
      try {
        const to = await openToWrite(part);
        const written = await writeArchive(db, to, { organization_id, deskhand_version, only_one: name });
        if (!written) return undefined;
        const { manifest, sha256 } = written;
        const { size } = await stat(part);
        await rename(part, file);
        return { rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), bytes: size, sha256 };
      } finally {
        await rm(part, { force: true });
      }
    },
    eraseBusiness: (organization_id, deletion_id) =>
      eraseBusiness(owner, { organization_id, deletion_id }, ids => removeFiles(dataDir, ids)),
    remove: name => rm(archiveFile(dataDir, name), { force: true }),
  };
}

/** Removes exports, and mails that were written as files: both are called by an id, and mails to several by more besides. */
async function removeFiles(dataDir: string, ids: ReadonlySet<string>): Promise<void> {
  for (const name of ['exports', 'outbox']) {
    const folder = path.join(dataDir, name);
    const files = await readdir(folder).catch(() => []);
    for (const file of files)
      if (ids.has(file.slice(0, 36))) await rm(path.join(folder, file), { force: true });
  }
}

/** The bytes of an export, and how many; undefined where the file is not (any more). */
export async function readArchiveFile(dataDir: string, name: string) {
  const file = archiveFile(dataDir, name);
  const found = await stat(file).catch(() => undefined);
  return found && { stream: createReadStream(file), bytes: found.size };
}
