import { z } from 'zod';
import type { Database, Tx } from '../database/db.ts';
import { sql } from '../database/sql.ts';

/** A message at the address of the installation that is nobody's here. */
export interface Stray {
  provider: string;
  /** Its signature is wrong, or it is about something that no business knows. */
  reason: 'signature' | 'unknown';
  /** Of an event that was signed; nothing else is known for true. */
  event_id?: string;
  event_type?: string;
}

/** Works while no business is known. */
export const beforeAnybody = <T>(
  db: Database,
  mode: 'read only' | 'read write',
  work: (tx: Tx) => Promise<T>,
): Promise<T> =>
  db.transaction(mode, async tx => {
    await tx.run(sql`select set_ctx(null, null, '{"kind": "system", "name": "webhooks"}'::jsonb)`);
    return work(tx);
  });

/** Counts a stray message, for whoever runs the installation: it stands in no business's lists. */
export const noteStray = (
  db: Database,
  { provider, reason, event_id, event_type }: Stray,
): Promise<unknown> =>
  beforeAnybody(db, 'read write', tx =>
    tx.run(
      sql`select note_webhook_stray(${provider}, ${reason}, ${event_id ?? null}::text, ${event_type ?? null}::text)`,
    ),
  );

const countedRow = z.object({
  provider: z.string(),
  reason: z.enum(['signature', 'unknown']),
  count: z.number(),
  event_id: z.string().nullable(),
  event_type: z.string().nullable(),
  first_at: z.string(),
  last_at: z.string(),
});

/** What was counted by service and reason, with the last of each; forgotten when nothing has come for 90 days. */
export const listStrays = (db: Database): Promise<z.infer<typeof countedRow>[]> =>
  beforeAnybody(db, 'read only', tx =>
    tx.many(
      countedRow,
      sql`select provider, reason, count, event_id, event_type, first_at, last_at from list_webhook_strays()`,
    ),
  );
