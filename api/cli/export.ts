import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { openToWrite } from '../../core/connectors/archives/store.ts';
import { writeArchive } from '../../core/exports/write-archive.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { readVersion } from '../version.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

/** `deskhand export [FILE] --business SLUG`: writes everything of a business into one file; says how to bring it back. */
export async function exportBusiness(
  config: Config,
  file: string | undefined,
  options: { business?: string },
): Promise<void> {
  await withInstallation(config, async installation => {
    const business = await chooseBusiness(installation, options.business);
    const target = path.resolve(file ?? `${business.slug}-${new Date().toISOString().slice(0, 10)}.zip`);
    // Appears whole or not at all: half an archive under its name would be taken for one.
    const part = `${target}.part`;
    const to = await openToWrite(part).catch(error => {
      throw fileTrouble(error, target);
    });
    const call = { action: 'export.note_written', data: { file_name: path.basename(target).slice(0, 200) } };
    try {
      await installation.app.execute(commandLine(business.id), call, newRequest());
      const written = await writeArchive(installation.db, to, {
        organization_id: business.id,
        deskhand_version: readVersion(),
      });
      const { tables } = written.manifest;
      await rename(part, target);
      const rows = tables.reduce((sum, table) => sum + table.rows, 0);
      console.log(`${target}: everything of ${business.name}, ${rows} records in ${tables.length} tables.`);
      console.log(
        `Keep it safe, it holds your customers. To bring it back: deskhand restore ${path.basename(target)}`,
      );
    } catch (error) {
      await rm(part, { force: true });
      throw fileTrouble(error, target);
    }
  });
}

/** What somebody reads who named a file that cannot be written or read. */
export function fileTrouble(error: unknown, file: string): unknown {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'this account may not',
    EISDIR: 'it is a folder',
    ENOTDIR: 'part of it is no folder',
    ENOSPC: 'the disk is full',
    EROFS: 'nothing can be written there',
  };
  const said = typeof code === 'string' ? words[code] : undefined;
  return said === undefined ? error : new Error(`${file}: ${said}.`);
}
