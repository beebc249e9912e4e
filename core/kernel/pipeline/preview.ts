import { z } from 'zod';
import { sql } from '../database/sql.ts';
import { listQueued } from '../outside/outbox.ts';
import type { JobHandler } from '../registry/define.ts';
import { type Change, change, type Preview } from './audit-entry.ts';
import type { ReadContext } from './context.ts';
import type { Verdict } from './gate.ts';

/** The entry that says of a call, and of what it touched, that it was taken back. It is said besides, and no effect. */
export const undone = 'undone';

/** The entry that says of a call that a person allowed it. */
export const allowed = 'allowed';

/** The audit entries this call has left so far: its exact effect, cascades included. */
export function listChanges(context: ReadContext): Promise<Change[]> {
  return context.tx.many(
    change,
    sql`
    select entity_type, entity_id, subject_type, subject_id, action, changes
    from audit_log
    where organization_id = ${context.organization.id}::uuid
      -- A clock that is set back in the middle of a call hides nothing of it.
      and id >= uuid7_floor(now() - interval '1 minute')
      and request_id = ${context.request.request_id}
      and action <> ${undone}
    order by id`,
  );
}

/** Exactly what would change and what would go out (architecture, rule 2). Call it after running, before rolling back. */
export async function collectPreview(
  context: ReadContext,
  jobs: ReadonlyMap<string, Pick<JobHandler, 'is_internal'>>,
): Promise<Preview> {
  const [changes, queued] = await Promise.all([
    listChanges(context),
    listQueued(context.tx, context.organization.id, context.request.request_id),
  ]);
  const outgoing = queued.filter(job => !jobs.get(job.kind)?.is_internal);
  return { changes, outgoing, affected_rows: countRows(changes) };
}

const side = z.object({ old: z.unknown(), new: z.unknown() }).partial().catch({});

/** What becomes of each row in the end, one entry a row: as many as `affected_rows` counts. */
export function listRows(changes: readonly Change[]): Change[] {
  const rows = new Map<string, Change>();
  for (const entry of changes) {
    const key = `${entry.entity_type}:${entry.entity_id}`;
    const before = rows.get(key);
    rows.set(key, before ? mergeChanges(before, entry) : entry);
  }
  return [...rows.values()];
}

function mergeChanges(before: Change, after: Change): Change {
  const both = Object.entries(after.changes).map(([name, value]) => {
    const { old: was = side.parse(value).old } = side.parse(before.changes[name]);
    return [name, { old: was, new: side.parse(value).new }];
  });
  return {
    ...before,
    action: after.action === 'delete' ? after.action : before.action,
    changes: { ...before.changes, ...Object.fromEntries(both) },
  };
}

const countRows = (changes: readonly Change[]) =>
  new Set(changes.map(entry => `${entry.entity_type}:${entry.entity_id}`)).size;

/** A preview as its caller reads it: what would happen, whether it would wait for the owner, and what would be answered. */
export const describePreview = (
  { changes, outgoing, affected_rows }: Preview,
  verdict: Verdict | undefined,
  result: Record<string, unknown>,
) => ({
  would_change: changes,
  would_send: outgoing,
  affected_rows,
  needs_authorization: verdict ? { rule: verdict.rule, reason: verdict.reason } : null,
  result,
});
