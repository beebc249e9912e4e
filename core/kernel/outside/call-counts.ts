import { z } from 'zod';
import type { Database } from '../database/db.ts';
import { sql } from '../database/sql.ts';

/** Calls of a credential in its minute by all processes, and the milliseconds until that ends. */
const counted = z.object({ calls: z.number(), left_ms: z.number() });
export type CountedCalls = z.infer<typeof counted>;

/** Adds calls of this process to those of all. `hash` is that of the credential, in hex. */
export type CountCalls = (hash: string, made: number) => Promise<CountedCalls>;

/** Counts in the database, in a transaction of its own. */
export const countCallsIn =
  (db: Database): CountCalls =>
  (hash, made) =>
    db.transaction('read write', async tx => {
      tx.send(sql`select set_ctx(null, null, '{"kind": "system", "name": "installation"}'::jsonb)`);
      return tx.one(
        counted,
        sql`select calls, left_ms from count_calls(decode(${hash}, 'hex'), ${made}::integer)`,
      );
    });
