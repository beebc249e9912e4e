import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** What Linux keeps in memory, at most half of it unless somebody chose otherwise. */
const inMemory = '/dev/shm';
/** All tests together need a quarter of this. */
const enough_bytes = 4 * 1024 ** 3;

/**
 * The folder for databases that live no longer than their tests: in memory where there is enough of it, for a database of
 * its own for each file is mostly work for the disk. Else, and when TMPDIR says where, the temporary folder.
 */
export const temporaryRoot = (): string => (!process.env.TMPDIR && hasRoomInMemory() ? inMemory : tmpdir());

/** Whether Linux has much room for what is kept in memory. */
export function hasRoomInMemory(): boolean {
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize >= enough_bytes;
  } catch {
    return false;
  }
}
