import { z } from 'zod';
import { identifier, raw, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { RecordSpec } from './record.ts';

const named = z.object({ id: z.string(), reference: z.string(), name: z.string() });

/** Living rows of a record with a `name`, of exactly one of these names whatever its capitals and the spaces around it. */
export async function listByNames(
  context: ReadContext,
  record: Pick<RecordSpec, 'table' | 'soft_deletes'>,
  names: readonly string[],
): Promise<z.infer<typeof named>[]> {
  const wanted = [...new Set(names.map(name => name.toLowerCase().trim()))];
  return context.tx.many(
    named,
    sql`
    select id, reference, name
    from ${identifier(record.table)}
    where organization_id = ${context.organization.id}::uuid
      and lower(btrim(name)) = any (${wanted}::text[])
      ${raw(record.soft_deletes ? 'and deleted_at is null' : '')}
    order by id desc`,
  );
}
