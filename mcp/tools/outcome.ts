import { z } from 'zod';
import { change } from '../../core/kernel/pipeline/audit-entry.ts';
import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import { listRows } from '../../core/kernel/pipeline/preview.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { answer, presenter } from '../present.ts';
import type { ToolAnswer } from '../tool.ts';

/** Members every writing tool takes besides its own. */
export const callFacts = {
  reasoning: z.string().max(2000).optional(),
  idempotency_key: z.string().min(1).max(200).optional(),
  preview: z.boolean().optional(),
} as const;

/** What every writing tool answers. */
export const outcomeOutput = z.object({
  status: z.enum(['done', 'pending_authorization', 'decided', 'preview']),
  data: z.looseObject({}),
  /** Whom and what was named by words. */
  meant: z.looseObject({}).optional(),
  /** For `of` of undo; `none: ` and why when nothing takes it back. */
  undo: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  replayed: z.boolean().optional(),
});

/** A preview or report never answers more changes than this; how many were left out stands beside. */
const mostChanges = 20;

/** How an agent reads the outcome of an action or workflow. A queued call is a normal result, never an error. */
export function outcomePresenter(
  registry: Registry,
  baseUrl: string,
): (of: string, outcome: Outcome) => ToolAnswer {
  const { compact, compactMarked } = presenter(registry);
  return (of, outcome) => {
    const { status, time_zone, warnings, undo, replayed, meant } = outcome;
    const facts = shape(outcome, baseUrl);
    return answer({
      status,
      data:
        status === 'pending_authorization' ? compactMarked(facts, time_zone) : compact(facts, time_zone, of),
      ...(meant ? { meant: compact(meant, time_zone, of) } : {}),
      ...(undo === undefined ? {} : { undo }),
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(replayed ? { replayed: true } : {}),
    });
  };
}

function shape({ status, data }: Outcome, baseUrl: string): Record<string, unknown> {
  if (status === 'preview') return bounded(data);
  if (status === 'done') {
    // Whoever has just made a record knows when.
    const { created_at: _created, ...rest } = data;
    return rest;
  }
  // The link opens the review page, which wants the owner's sign-in: it decides nothing by itself.
  const { status: _status, review_path, expires_local: _local, ...rest } = data;
  return { ...rest, review_url: `${baseUrl}${String(review_path)}` };
}

function bounded(data: Record<string, unknown>): Record<string, unknown> {
  const { would_change, ...rest } = data;
  if (!Array.isArray(would_change)) return data;
  // One entry a row, so that as many stand there as affected_rows says.
  const entries = change.array().safeParse(would_change);
  const rows = entries.success ? listRows(entries.data) : would_change;
  return {
    would_change: rows.slice(0, mostChanges).map(shortChange),
    ...(rows.length > mostChanges ? { changes_omitted: rows.length - mostChanges } : {}),
    ...rest,
  };
}

const auditEntry = z.looseObject({
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
});

/** Without what says nothing: the id of what would only come into being, and the record itself once more. */
function shortChange(entry: unknown): unknown {
  const parsed = auditEntry.safeParse(entry);
  if (!parsed.success) return entry;
  const { entity_type, entity_id, subject_type, subject_id, action, ...rest } = parsed.data;
  return {
    entity_type,
    ...(action === 'create' ? {} : { entity_id }),
    ...(subject_id === entity_id ? {} : { subject_type, subject_id }),
    action,
    ...rest,
  };
}
