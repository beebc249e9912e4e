import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { eraseBusiness } from '../../deletions/erase.ts';
import { keepFile } from '../../exports/keep-file.ts';
import { writeArchive } from '../../exports/write-archive.ts';
import { writeZip } from '../../exports/zip.ts';
import type { Database } from '../../kernel/database/db.ts';
import type { ArchiveStore } from '../../kernel/outside/archive-store.ts';

export interface ArchivePlace {
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

/** Keeps the files of exports in the database, where every machine of the installation finds them. */
export function openArchiveStore({ db, owner, dataDir, deskhand_version }: ArchivePlace): ArchiveStore {
  return {
    writeBusiness: (organization_id, export_id) =>
      keepFile(db, { organization_id, export_id }, async to => {
        const { manifest, bytes, sha256 } = await writeArchive(db, to, { organization_id, deskhand_version });
        return { rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0), bytes, sha256 };
      }),
    writeFiles: (organization_id, export_id, { moment, files }) =>
      keepFile(db, { organization_id, export_id }, to => writeZip(to, moment, files)),
    eraseBusiness: (organization_id, deletion_id) =>
      eraseBusiness(owner, { organization_id, deletion_id }, ids => removeMails(dataDir, ids)),
  };
}

/** Removes mails that were written as files: they are called by the id of their job, and those to several by more besides. */
async function removeMails(dataDir: string, ids: ReadonlySet<string>): Promise<void> {
  const folder = path.join(dataDir, 'outbox');
  const files = await readdir(folder).catch(() => []);
  for (const file of files)
    if (ids.has(file.slice(0, 36))) await rm(path.join(folder, file), { force: true });
}
