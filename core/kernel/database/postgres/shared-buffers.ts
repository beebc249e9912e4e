import { totalmem } from 'node:os';

const MB = 2 ** 20;
/** Enough for a business of some ten thousand customers. */
const least_mb = 64;
/** Holds what is written and searched of a hundred thousand. More costs every connection memory to find its way in it. */
const most_mb = 256;

/**
 * What PostgreSQL keeps at hand (`shared_buffers`) on a machine with so many bytes: an eighth of them, within what is of use
 * (decision 091). It takes memory as its pages come into use.
 */
export function sharedBuffers(bytes: number): string {
  const eighth_mb = Math.floor(bytes / 8 / MB);
  return `${Math.min(Math.max(eighth_mb, least_mb), most_mb)}MB`;
}

/** The memory of this machine, or what a container lets its processes have of it. */
export function memoryHere(): number {
  // Without a limit it is 0, or more than there is.
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
