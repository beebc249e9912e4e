import { Writable } from 'node:stream';
import type { Database } from '../kernel/database/db.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import { deleteParts, insertPart, lockedFile, lockFile } from './file-queries.ts';
import { actIn } from './queries.ts';

const partBytes = 1 << 20;

/**
 * Keeps what `write` writes as the file of an export, in one transaction of its own: it is there whole or not at all, whatever
 * happens to the process. Undefined, and nothing written, while another worker is at the same file.
 */
export async function keepFile<T>(
  db: Pick<Database, 'connect'>,
  { organization_id, export_id }: { organization_id: string; export_id: string },
  write: (to: Writable) => Promise<T>,
): Promise<T | undefined> {
  return onOwnConnection(db, 'write', async connection => {
    await connection.run(actIn(organization_id));
    if (!(await connection.one(lockedFile, lockFile(export_id))).is_free) return undefined;
    await connection.run(deleteParts(organization_id, [export_id]));
    return write(partsInto(connection, organization_id, export_id));
  });
}

/** Takes bytes and keeps them in parts; asks for more when a part is in. */
function partsInto(connection: OwnConnection, organization_id: string, export_id: string): Writable {
  let waiting: Buffer[] = [];
  let size = 0;
  let part = 0;
  const keep = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    [waiting, size] = [[], 0];
    await connection.run(insertPart(organization_id, { export_id, part: part++, bytes }));
  };
  const settle = (work: Promise<void>, done: (error?: Error) => void): void => {
    work.then(
      () => done(),
      error => done(error instanceof Error ? error : new Error(String(error))),
    );
  };
  return new Writable({
    write(chunk: Buffer, _, done) {
      waiting.push(chunk);
      size += chunk.length;
      if (size < partBytes) done();
      else settle(keep(), done);
    },
    final(done) {
      if (size === 0 && part > 0) done();
      else settle(keep(), done);
    },
  });
}
