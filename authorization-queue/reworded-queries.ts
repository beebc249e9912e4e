import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

/**
 * The newest call that a person allowed and that left one of these rows: its answer, or that of one of its items, names the
 * row by its id or its reference.
 */
export function findAllowedFor(
  context: ReadContext,
  rows: readonly { id: string; reference: string | null }[],
) {
  const names = rows.flatMap(({ id, reference }) => [
    `%"${id}"%`,
    ...(reference ? [`%"${reference}"%`] : []),
  ]);
  return context.tx.maybe(
    z.object({ reference: z.string() }),
    sql`
    select reference
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and status = 'succeeded'
      and result::text like any (${names}::text[])
    order by id desc
    limit 1`,
  );
}
