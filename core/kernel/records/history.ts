import { z } from 'zod';
import { sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { Include } from './record.ts';

const entry = z.object({
  subject_id: z.string(),
  entity_type: z.string(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  reasoning: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: z.string(),
});

/** The `audit_trail` include of every record: who changed what, when and why, newest first, at most 50 each (AUD-06). */
export function historyInclude(subject: string): Include {
  return {
    summary: 'the same in full: every field with its old and new value',
    async load(context, ids) {
      const byRecord = new Map<string, unknown[]>();
      for (const { subject_id, request_id: _request, ...change } of await listHistory(
        context,
        subject,
        ids,
        50,
      )) {
        byRecord.set(subject_id, [...(byRecord.get(subject_id) ?? []), change]);
      }
      return byRecord;
    },
  };
}

/** The newest entries about each of some records, their parts included. */
export function listHistory(context: ReadContext, subject: string, ids: readonly string[], each: number) {
  return context.tx.many(
    entry,
    sql`
    select h.subject_id, h.entity_type, h.action, h.domain_action, h.changes, h.actor_kind, h.actor_name, h.reasoning,
      h.request_id, h.created_at
    from unnest(${[...ids]}::uuid[]) as wanted (id)
    cross join lateral (
      select subject_id, entity_type, action, domain_action, changes, actor_kind, actor_name, reasoning, request_id,
        created_at, id
      from audit_log
      where organization_id = ${context.organization.id}::uuid
        and subject_type = ${subject}
        and subject_id = wanted.id
      order by id desc
      limit ${each}::integer
    ) as h
    order by h.id desc`,
  );
}
