import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** Sets the status of a lead that is not as far yet; false when it is, or has ended. */
export async function moveForward(
  context: ReadContext,
  leadId: string,
  to: 'contacted' | 'working',
): Promise<boolean> {
  const moved = await context.tx.run(sql`
    update leads
    set status = ${to}
    where organization_id = ${context.organization.id}::uuid
      and id = ${leadId}::uuid
      and status = any (${to === 'working' ? ['new'] : ['new', 'working']}::text[])
      and deleted_at is null`);
  return moved === 1;
}
