import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const visit = z.object({ id: z.string(), reference: z.string() });

/** Open visits, at most 101, on which a service stands at a price; among some when they are named. */
export function listOpenWith(
  context: ReadContext,
  wish: { service_id: string; old_price_cents: number; ticket_ids: readonly string[] | undefined },
) {
  const { service_id, old_price_cents, ticket_ids } = wish;
  return context.tx.many(
    visit,
    sql`
    select t.id, t.reference
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      and t.status in ('scheduled', 'in_progress')
      and (${ticket_ids === undefined} or t.id = any (${[...(ticket_ids ?? [])]}::uuid[]))
      and exists (
        select 1
        from ticket_lines as l
        where l.organization_id = t.organization_id
          and l.ticket_id = t.id
          and l.service_id = ${service_id}::uuid
          and l.unit_price_cents = ${old_price_cents}::bigint
          and l.deleted_at is null
      )
    order by t.id
    limit 101`,
  );
}
