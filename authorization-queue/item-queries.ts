import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import { keptEffect } from '../core/kernel/pipeline/audit-entry.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

const openBulk = z.object({
  id: z.string(),
  reference: z.string(),
  digest: z.string(),
  asked_hash: z.string(),
  expires_at: z.string(),
  items: z.number(),
});

/** The bulk of an agent and its key that waits, kept as it is until this transaction ends; `items` are those that joined. */
export function holdOpenBulk(context: ReadContext, asker: { agent_id: string; key_id: string | null }) {
  return context.tx.maybe(
    openBulk,
    sql`
    select id, reference, digest, asked_hash, expires_at,
      (
        select count(*)
        from authorization_request_items as i
        where i.organization_id = r.organization_id
          and i.authorization_request_id = r.id
      ) as items
    from authorization_requests as r
    where organization_id = ${context.organization.id}::uuid
      and agent_id = ${asker.agent_id}::uuid
      and key_id is not distinct from ${asker.key_id}::uuid
      and rule = 'bulk'
      and status = 'pending'
      and expires_at > ${context.now.toString()}::timestamptz
    order by id desc
    limit 1
    for update`,
  );
}

/** Whether the same call stands in a bulk already, besides its first one. */
export async function isItem(context: ReadContext, requestId: string, askedHash: string): Promise<boolean> {
  const found = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from authorization_request_items
    where organization_id = ${context.organization.id}::uuid
      and authorization_request_id = ${requestId}::uuid
      and asked_hash = ${askedHash}`,
  );
  return found !== undefined;
}

export interface NewItem {
  id: string;
  authorization_request_id: string;
  action: string;
  input: Record<string, unknown>;
  schema_hash: string;
  asked_hash: string;
  rule_reason: string;
  reasoning: string | null;
  preview: unknown;
  target_versions: Record<string, number | null>;
  affected_rows: number;
}

export async function insertItem(context: ReadContext, item: NewItem): Promise<void> {
  await context.tx.run(sql`
    insert into authorization_request_items (
      organization_id, id, authorization_request_id, action, input, schema_hash, asked_hash, rule_reason, reasoning,
      preview, target_versions, affected_rows
    )
    values (
      ${context.organization.id}::uuid, ${item.id}::uuid, ${item.authorization_request_id}::uuid, ${item.action},
      ${JSON.stringify(item.input)}::jsonb, ${item.schema_hash}, ${item.asked_hash}, ${item.rule_reason},
      ${item.reasoning}, ${JSON.stringify(item.preview)}::jsonb, ${JSON.stringify(item.target_versions)}::jsonb,
      ${item.affected_rows}::integer
    )`);
}

/** Gives a bulk the digest that covers its newest item too. What goes out sooner ends the waiting of all. Answers until when. */
export async function growBulk(
  context: ReadContext,
  id: string,
  { digest, affected_rows, expires_hours }: { digest: string; affected_rows: number; expires_hours: number },
): Promise<string> {
  const { expires_at } = await context.tx.one(
    z.object({ expires_at: z.string() }),
    sql`
    update authorization_requests
    set digest = ${digest}, affected_rows = affected_rows + ${affected_rows}::integer,
      expires_at = least(expires_at, ${context.now.add({ hours: expires_hours }).toString()}::timestamptz)
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and status = 'pending'
    returning expires_at`,
  );
  return expires_at;
}

export const itemRow = z.object({
  id: z.string(),
  authorization_request_id: z.string(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  schema_hash: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  preview: keptEffect,
  target_versions: z.record(z.string(), z.number().nullable()),
  affected_rows: z.number(),
  status: z.string(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.record(z.string(), z.unknown()).nullable(),
});
export type Item = z.infer<typeof itemRow>;

/** What joined some requests, in the order in which it did. */
export function listItems(context: ReadContext, requestIds: readonly string[]): Promise<Item[]> {
  return context.tx.many(
    itemRow,
    sql`
    select id, authorization_request_id, action, input, schema_hash, rule_reason, reasoning, preview, target_versions,
      affected_rows, status, result, error
    from authorization_request_items
    where organization_id = ${context.organization.id}::uuid
      and authorization_request_id = any (${[...requestIds]}::uuid[])
    order by id`,
  );
}

/** Writes down what became of an item. */
export async function finishItem(
  context: ReadContext,
  id: string,
  end: { status: string; result: Record<string, unknown> | null; error: Record<string, unknown> | null },
): Promise<void> {
  await context.tx.run(sql`
    update authorization_request_items
    set status = ${end.status}, result = ${end.result === null ? null : JSON.stringify(end.result)}::jsonb,
      error = ${end.error === null ? null : JSON.stringify(end.error)}::jsonb
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`);
}
