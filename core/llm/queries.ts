import { z } from 'zod';
import type { Tx } from '../kernel/database/db.ts';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { RequestOutcome } from '../kernel/outside/language-model.ts';
import type { Organization, ReadContext } from '../kernel/pipeline/context.ts';

export const usageRow = z.object({
  day: z.string(),
  model: z.string(),
  purpose: z.string(),
  requests: z.number(),
  failures: z.number(),
  prompt_tokens: z.number(),
  completion_tokens: z.number(),
});

/** Where a request is counted. */
export interface UsageKey {
  day: string;
  model: string;
  purpose: string;
}

/** Counts one more request; false, and nothing counted, when the day has had `most` of them. */
export async function countRequest(
  tx: Tx,
  organization: Organization,
  { day, model, purpose }: UsageKey,
  most: number,
): Promise<boolean> {
  const counted = await tx.run(sql`
    insert into llm_usage (organization_id, day, model, purpose, requests)
    select ${organization.id}::uuid, ${day}::date, ${model}::text, ${purpose}::text, 1
    where (
      select coalesce(sum(requests), 0)
      from llm_usage
      where organization_id = ${organization.id}::uuid
        and day = ${day}::date
    ) < ${most}::integer
    on conflict (organization_id, day, model, purpose) do update
    set requests = llm_usage.requests + 1`);
  return counted === 1;
}

/** Adds what became of a counted request. */
export async function addOutcome(
  tx: Tx,
  organization: Organization,
  { day, model, purpose }: UsageKey,
  { failed, prompt_tokens, completion_tokens }: RequestOutcome,
): Promise<void> {
  await tx.run(sql`
    update llm_usage
    set failures = failures + ${failed ? 1 : 0}::integer,
      prompt_tokens = prompt_tokens + ${prompt_tokens}::bigint,
      completion_tokens = completion_tokens + ${completion_tokens}::bigint
    where organization_id = ${organization.id}::uuid
      and day = ${day}::date
      and model = ${model}
      and purpose = ${purpose}`);
}

/** What was asked, newest day first; `after` is the last row of the page before. */
export function listUsage(
  context: ReadContext,
  filter: { from: string | undefined; to: string | undefined; after: UsageKey | undefined; limit: number },
) {
  const { from, to, after, limit } = filter;
  const conditions: Sql[] = [
    sql`organization_id = ${context.organization.id}::uuid`,
    ...(from === undefined ? [] : [sql`day >= ${from}::date`]),
    ...(to === undefined ? [] : [sql`day <= ${to}::date`]),
    ...(after === undefined ? [] : [isAfter(after)]),
  ];
  return context.tx.many(
    usageRow,
    sql`
    select day, model, purpose, requests, failures, prompt_tokens, completion_tokens
    from llm_usage
    where ${join(conditions, ' and ')}
    order by day desc, model, purpose
    limit ${limit}::integer`,
  );
}

const isAfter = ({ day, model, purpose }: UsageKey): Sql =>
  sql`(day < ${day}::date or (day = ${day}::date and (model, purpose) > (${model}, ${purpose})))`;
