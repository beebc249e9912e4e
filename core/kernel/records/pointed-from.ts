import { z } from 'zod';
import { identifier, join, raw, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { RecordSpec } from './record.ts';

/** Of more than these nobody is told apart by what they have. */
const mostPointed = 10_000;

/**
 * To which rows the rows of a list point: of five Priyas, whose mails are asked for is the one who has any. `asked` are the
 * other filters of the list. Undefined where there are too many to say.
 */
export async function pointedFrom(
  context: ReadContext,
  record: RecordSpec,
  column: string,
  asked: { params: Record<string, unknown>; filter: string | undefined },
): Promise<string[] | undefined> {
  const restriction = record.restrict?.(context);
  const preset = asked.filter === undefined ? undefined : record.filters?.[asked.filter]?.where;
  const conditions = [
    sql`r.organization_id = ${context.organization.id}::uuid`,
    sql`r.${identifier(column)} is not null`,
    ...(record.soft_deletes ? [sql`r.deleted_at is null`] : []),
    ...(restriction ? [restriction] : []),
    ...(preset ? [typeof preset === 'function' ? preset(context) : preset] : []),
    ...record.where(asked.params, context),
  ];
  const rows = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    select distinct r.${identifier(column)} as id
    from ${identifier(record.table)} as r
    where ${join(conditions, ' and ')}
    limit ${raw(String(mostPointed))}`,
  );
  return rows.length < mostPointed ? rows.map(({ id }) => id) : undefined;
}
