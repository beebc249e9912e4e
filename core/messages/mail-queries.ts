import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

/** Whether the mail of a message is there, be it waiting, under way, delivered or dead: none is when its call was taken back. */
export async function hasMail(
  { tx, organization }: ReadContext,
  { id, contact_id }: { id: string; contact_id: string | null },
): Promise<boolean> {
  const { has_mail } = await tx.one(
    z.object({ has_mail: z.boolean() }),
    sql`
    select exists (
      select
      from jobs
      where organization_id = ${organization.id}::uuid
        and contact_id is not distinct from ${contact_id}::uuid
        and kind = 'email'
        and payload @> ${JSON.stringify({ message_id: id })}::jsonb
    ) as has_mail`,
  );
  return has_mail;
}
