import { z } from 'zod';
import { raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const move = z.object({
  from_id: z.string(),
  from_reference: z.string(),
  from_at: z.string(),
  to_id: z.string(),
  to_reference: z.string(),
  to_at: z.string(),
});
export type Move = z.infer<typeof move>;

/** From which visit to which some visits were moved, they being one or the other; both have to be in sight. */
export function listMoves(
  context: ReadContext,
  ticketIds: readonly string[],
  restriction: Sql | undefined,
): Promise<Move[]> {
  const inSight = (id: Sql) =>
    restriction
      ? sql`and exists (
          select 1 from tickets as r where r.organization_id = b.organization_id and r.id = ${id} and ${restriction}
        )`
      : raw('');
  return context.tx.many(
    move,
    sql`
    select b.id as from_id, b.reference as from_reference, b.scheduled_at as from_at,
      n.id as to_id, n.reference as to_reference, n.scheduled_at as to_at
    from tickets as n
    join tickets as b on b.organization_id = n.organization_id and b.id = n.rescheduled_from_id
    where n.organization_id = ${context.organization.id}::uuid
      and (n.id = any (${[...ticketIds]}::uuid[]) or b.id = any (${[...ticketIds]}::uuid[]))
      ${inSight(sql`b.id`)}
      ${inSight(sql`n.id`)}
    order by n.id`,
  );
}
