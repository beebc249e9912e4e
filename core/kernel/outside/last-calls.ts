import type { Database } from '../database/db.ts';
import { sql } from '../database/sql.ts';
import { authenticate } from '../pipeline/authenticate.ts';
import type { Caller, RequestFacts } from '../pipeline/context.ts';

/** Notes that an agent has just called with its key or token, for its owner to see. Throws UNAUTHENTICATED. */
export type NoteCall = (caller: Caller, request: RequestFacts) => Promise<void>;

/** Notes it in the database, in a transaction of its own; within five seconds of the last time nothing is written. */
export const noteCallIn =
  (db: Database): NoteCall =>
  (caller, request) =>
    db.transaction('read write', async tx => {
      const { key_id } = await authenticate(tx, caller, request);
      if (key_id !== undefined) await tx.run(sql`select note_call(${key_id}::uuid)`);
    });
