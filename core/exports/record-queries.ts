import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const named = z.object({ id: z.string(), reference: z.string() });
const waiting = named.extend({
  kind: z.string(),
  lists: z.array(z.string()),
  format: z.string().nullable(),
  contact_id: z.string().nullable(),
});

/** The exports that are not written yet. */
export const listWaiting = (context: ReadContext) =>
  context.tx.many(
    waiting,
    sql`
    select id, reference, kind, lists, format, contact_id
    from exports
    where organization_id = ${context.organization.id}::uuid
      and status = 'waiting'
    order by id`,
  );

/** Exports whose file has been kept long enough. */
export const findExpired = (context: ReadContext) =>
  context.tx.many(
    named,
    sql`
    select id, reference
    from exports
    where organization_id = ${context.organization.id}::uuid
      and status = 'ready'
      and expires_at <= ${context.now.toString()}::timestamptz
    order by id
    limit 100
    for update`,
  );
