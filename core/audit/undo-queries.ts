import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { undone } from '../kernel/pipeline/preview.ts';

/** An entry of the trail as taking back reads it. */
export const trailEntry = z.object({
  id: z.string(),
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
  domain_action: z.string().nullable(),
  actor_kind: z.string(),
  user_id: z.string().nullable(),
  actor_name: z.string(),
  request_id: z.string().nullable(),
  created_at: z.string(),
});
export type TrailEntry = z.infer<typeof trailEntry>;

const columns = sql`
  id, entity_type, entity_id, subject_type, subject_id, action, changes, domain_action, actor_kind, user_id, actor_name,
  request_id, created_at`;

/** More than an import of thousands leaves. */
const mostEntries = 20_000;

/**
 * What calls that began at a moment (milliseconds since 1970) have left, oldest first. Ids are time-ordered, so that no index
 * on requests is needed: a call leaves its entries within minutes, by a clock that differs little from that of its process.
 */
export function listEntriesAt({ tx, organization }: ReadContext, at: number): Promise<TrailEntry[]> {
  const began = new Date(at).toISOString();
  const prefix = `${at.toString(16).padStart(12, '0').replace(/^.{8}/, '$&-')}-7%`;
  return tx.many(
    trailEntry,
    sql`
    select ${columns}
    from audit_log
    where organization_id = ${organization.id}::uuid
      and id >= uuid7_floor(${began}::timestamptz - interval '1 minute')
      and id < uuid7_floor(${began}::timestamptz + interval '15 minutes')
      and request_id like ${prefix}
    order by id
    limit ${mostEntries}::integer`,
  );
}

/** The entries that say of a call that it was taken back, newest first. */
export function listTakenBack({ tx, organization }: ReadContext, requestId: string): Promise<TrailEntry[]> {
  return tx.many(
    trailEntry,
    sql`
    select ${columns}
    from audit_log
    where organization_id = ${organization.id}::uuid
      and subject_type = 'call'
      and subject_id = ${requestId}::uuid
      and action = ${undone}
    order by id desc`,
  );
}

/** What others have done since to some rows, oldest first; what the machine made of them by itself is none of it. */
export function listLater(
  { tx, organization, request }: ReadContext,
  { after, request_id, rows }: { after: string; request_id: string; rows: readonly Touched[] },
): Promise<TrailEntry[]> {
  return tx.many(
    trailEntry,
    sql`
    select ${columns}
    from audit_log
    where organization_id = ${organization.id}::uuid
      and (subject_type, subject_id) in (
        select * from unnest(
          ${rows.map(row => row.subject_type)}::text[], ${rows.map(row => row.subject_id)}::uuid[])
      )
      and entity_id = any (${rows.map(row => row.entity_id)}::uuid[])
      and id > ${after}::uuid
      and request_id is distinct from ${request_id}
      and request_id is distinct from ${request.request_id}
      and actor_kind <> 'system'
      and action in ('create', 'update', 'delete', 'restore')
    order by id`,
  );
}

type Touched = Pick<TrailEntry, 'subject_type' | 'subject_id' | 'entity_id'>;

const madeRow = z.object({ entity_id: z.string() });

/** Which of some rows the machine made by itself, since a moment. */
export async function listMadeByMachine(
  { tx, organization }: ReadContext,
  ids: readonly string[],
  after: string,
): Promise<string[]> {
  const rows = await tx.many(
    madeRow,
    sql`
    select entity_id
    from audit_log
    where organization_id = ${organization.id}::uuid
      and id > ${after}::uuid
      and entity_id = any (${[...ids]}::uuid[])
      and action = 'create'
      and actor_kind = 'system'`,
  );
  return rows.map(({ entity_id }) => entity_id);
}

const jobRow = z.object({
  kind: z.string(),
  payload: z.record(z.string(), z.unknown()),
  state: z.enum(['cancelled', 'under_way', 'done']),
});

/** Takes what a call has queued and nobody has begun out of the outbox; answers that, and what it could not stop. */
export function cancelJobs({ tx }: ReadContext, requestId: string) {
  return tx.many(jobRow, sql`select kind, payload, state from cancel_jobs(${requestId})`);
}
