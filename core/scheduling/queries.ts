import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const busy = z.object({ technician_id: z.string(), from: z.string(), to: z.string() });

/** Times in a period at which technicians have living visits. */
export function listBusy(
  context: ReadContext,
  {
    technicianIds,
    from,
    to,
    exceptTicket,
  }: { technicianIds: readonly string[]; from: string; to: string; exceptTicket?: string | undefined },
) {
  return context.tx.many(
    busy,
    sql`
    select technician_id, lower(period) as "from", upper(period) as "to"
    from ticket_technicians
    where organization_id = ${context.organization.id}::uuid
      and technician_id = any (${[...technicianIds]}::uuid[])
      and period && tstzrange(${from}::timestamptz, ${to}::timestamptz)
      and is_active
      and ticket_id is distinct from ${exceptTicket ?? null}::uuid
    order by technician_id, period`,
  );
}
