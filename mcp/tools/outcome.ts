import { z } from 'zod';
import type { Outcome } from '../../core/kernel/call.ts';
import { answer, compact } from '../present.ts';
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
  warnings: z.array(z.string()).optional(),
  replayed: z.boolean().optional(),
});

/** A preview or report never answers more changes than this; how many were left out stands beside. */
const mostChanges = 20;

/** An outcome as an agent reads it. A queued call is a normal result, never an error. */
export function answerOutcome(outcome: Outcome, baseUrl: string): ToolAnswer {
  return answer({
    status: outcome.status,
    data: compact(shape(outcome, baseUrl), outcome.time_zone),
    ...(outcome.warnings.length > 0 ? { warnings: outcome.warnings } : {}),
    ...(outcome.replayed ? { replayed: true } : {}),
  });
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
  if (!Array.isArray(would_change) || would_change.length <= mostChanges) return data;
  return {
    ...rest,
    would_change: would_change.slice(0, mostChanges),
    changes_omitted: would_change.length - mostChanges,
  };
}
