import { sql } from '../database/sql.ts';
import { listQueued } from '../outside/outbox.ts';
import type { JobHandler } from '../registry/define.ts';
import { type Change, change, type Preview } from './audit-entry.ts';
import type { ReadContext } from './context.ts';

/** How far a call reached, counted from the audit entries it left. */
export interface Effects {
  /** Records touched; a ticket with its lines is one. */
  records: number;
  /** Rows deleted or cancelled, cascades included. */
  destroyed: number;
}

/** The audit entries this call has left so far: its exact effect, cascades included. */
export function listChanges(context: ReadContext): Promise<Change[]> {
  return context.tx.many(
    change,
    sql`
    select entity_type, entity_id, subject_type, subject_id, action, changes
    from audit_log
    where organization_id = ${context.organization.id}::uuid
      and id >= uuid7_floor(now())
      and request_id = ${context.request.request_id}
    order by id`,
  );
}

/** Exactly what would change and what would go out (architecture, rule 2). Call it after running, before rolling back. */
export async function collectPreview(
  context: ReadContext,
  jobs: ReadonlyMap<string, Pick<JobHandler, 'is_internal'>>,
): Promise<Preview> {
  const changes = await listChanges(context);
  const queued = await listQueued(context.tx, context.organization.id, context.request.request_id);
  const outgoing = queued.filter(job => !jobs.get(job.kind)?.is_internal);
  return { changes, outgoing, affected_rows: countRows(changes) };
}

/** How far the changes reach; several entries about one row count once. */
export function countEffects(changes: readonly Change[]): Effects {
  const destroyed = changes.filter(entry => entry.action === 'delete' || 'cancelled_at' in entry.changes);
  return {
    records: new Set(changes.map(entry => `${entry.subject_type}:${entry.subject_id}`)).size,
    destroyed: new Set(destroyed.map(entry => `${entry.entity_type}:${entry.entity_id}`)).size,
  };
}

const countRows = (changes: readonly Change[]) =>
  new Set(changes.map(entry => `${entry.entity_type}:${entry.entity_id}`)).size;
