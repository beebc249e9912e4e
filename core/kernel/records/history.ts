import { z } from 'zod';
import { identifier, join, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { Include, RecordSpec } from './record.ts';

const entry = z.object({
  about: z.string(),
  entity_type: z.string(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  reasoning: z.string().nullable(),
  created_at: z.string(),
});

/**
 * The `audit_trail` include of every record: who changed what, when and why, newest first, at most 50 each (AUD-06). Also
 * what is told with a parent, such as that a note was written about a customer.
 */
export function historyInclude(record: RecordSpec): Include {
  return {
    summary: 'who changed what, when and why, newest first',
    async load(context, ids) {
      const byRecord = new Map<string, unknown[]>();
      for (const { about, ...change } of await listHistory(context, record, ids, 50)) {
        byRecord.set(about, [...(byRecord.get(about) ?? []), change]);
      }
      return byRecord;
    },
  };
}

/** The newest entries about each of some records, their parts included. */
function listHistory(
  context: ReadContext,
  { name, table, refs }: RecordSpec,
  ids: readonly string[],
  each: number,
) {
  const entries = (which: Sql) => sql`
        select id, entity_type, action, domain_action, changes, actor_kind, actor_name, reasoning, created_at
        from audit_log
        where organization_id = r.organization_id
          and ${which}`;
  const places = [
    entries(sql`subject_type = ${name} and subject_id = r.id`),
    ...refs.flatMap(({ column, field: { to } }) => {
      if (!to?.told_with_parent) return [];
      const parent = identifier(column);
      return [
        entries(
          sql`subject_type = ${to.record} and subject_id = r.${parent} and entity_type = ${name} and entity_id = r.id`,
        ),
      ];
    }),
  ];
  return context.tx.many(
    entry,
    sql`
    select r.id as about, h.entity_type, h.action, h.domain_action, h.changes, h.actor_kind, h.actor_name, h.reasoning,
      h.created_at
    from ${identifier(table)} as r
    cross join lateral (
      select *
      from (${join(places, ' union all ')}) as told
      order by id desc
      limit ${each}::integer
    ) as h
    where r.organization_id = ${context.organization.id}::uuid
      and r.id = any (${[...ids]}::uuid[])
    order by h.id desc`,
  );
}
