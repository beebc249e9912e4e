import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const waiting = z.object({ id: z.string(), reference: z.string() });

/** The export of everything that is not written yet. */
export const findWaiting = (context: ReadContext) =>
  context.tx.maybe(
    waiting,
    sql`
    select id, reference
    from exports
    where organization_id = ${context.organization.id}::uuid
      and status = 'waiting'
    order by id
    limit 1`,
  );

/** Exports whose file has been kept long enough. */
export const findExpired = (context: ReadContext) =>
  context.tx.many(
    waiting,
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
