import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

// Random bytes are fetched for some hundred ids at once: fetching them for each costs more than the rest of an id.
const bytes_each = 16;
const pool = Buffer.alloc(256 * bytes_each);
let used = pool.length;
let msecs = 0;
/** A clock that was far ahead is not followed any longer: what a call has left is looked for near the time of its id. */
const mostAhead_ms = 30_000;
let seq = 0;

/** A new time-ordered id (UUID version 7): those of one process in the order in which they were asked for, unless its clock is set back far. */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + bytes_each);
  used += bytes_each;
  const now = Date.now();
  // Within a millisecond, and while the clock is set back a little, they are counted on.
  if (now > msecs || msecs - now > mostAhead_ms) {
    seq = random.readUInt32BE(6) & 0x7fff_ffff;
    msecs = now;
  } else seq += 1;
  return v7({ random, msecs, seq });
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isUuid = (text: string): boolean => text.length === 36 && uuidPattern.test(text);
