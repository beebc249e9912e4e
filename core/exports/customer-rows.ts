import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { columnsOf } from '../kernel/records/columns.ts';
import type { RecordSpec, StoredRow } from '../kernel/records/record.ts';

// What is one customer's, found by what records say they belong to, never by a list.

/** The living rows of a kind that point to some others, and are nobody else's. */
export function listTheirs(
  context: ReadContext,
  record: RecordSpec,
  { column, ids, contact_id }: { column: string; ids: readonly string[]; contact_id: string },
): Promise<StoredRow[]> {
  return context.tx.many(
    z.looseObject({ id: z.string() }),
    sql`
    select ${columnsOf(record)}
    from ${identifier(record.table)} as r
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = any (${[...ids]}::uuid[])
      ${record.soft_deletes ? raw('and deleted_at is null') : raw('')}
      ${join(nobodyElses(record, contact_id), ' ')}
    order by id`,
  );
}

/** Names no other customer; and where it names none at all, no company that it would be the matter of. */
function nobodyElses({ refs }: RecordSpec, contactId: string): Sql[] {
  const to = (name: string) =>
    refs.filter(({ field }) => field.to?.record === name).map(({ column }) => identifier(column));
  const people = to('contact');
  const companies = to('company');
  return [
    ...people.map(column => sql`and coalesce(r.${column} = ${contactId}::uuid, true)`),
    ...(people.length === 0
      ? []
      : companies.map(
          company =>
            sql`and (r.${company} is null or num_nonnulls(${join(
              people.map(column => sql`r.${column}`),
              ', ',
            )}) > 0)`,
        )),
  ];
}

const entry = z.object({
  at: z.string(),
  what: z.string(),
  kind: z.string(),
  id: z.string(),
  by: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
export type HistoryEntry = z.infer<typeof entry>;

/** What was changed in some rows, oldest first: told with a customer, and nothing of what is gone. */
export const listHistory = (
  context: ReadContext,
  contactId: string,
  ids: readonly string[],
): Promise<HistoryEntry[]> =>
  context.tx.many(
    entry,
    sql`
    select created_at as at, action as what, entity_type as kind, entity_id as id, actor_kind as by, changes
    from audit_log
    where organization_id = ${context.organization.id}::uuid
      and subject_type = 'contact'
      and subject_id = ${contactId}::uuid
      and entity_id = any (${[...ids]}::uuid[])
    -- Not by the id that is answered, which is that of the row.
    order by audit_log.id`,
  );
