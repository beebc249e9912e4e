import { z } from 'zod';
import type { Tx } from '../kernel/database/db.ts';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { retried } from '../kernel/pipeline/effects.ts';
import { type Delivery, deliveries } from './record.ts';

export const outboxRow = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  payload: z.record(z.string(), z.unknown()),
  attempts: z.number(),
  last_error: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  run_at: z.string(),
  done_at: z.string().nullable(),
  dead_at: z.string().nullable(),
  delivery: z.enum(deliveries).nullable(),
  delivery_at: z.string().nullable(),
  delivery_reason: z.string().nullable(),
  created_at: z.string(),
});

/**
 * Jobs newest first, of one state when given. The timers of messages to come and the events of services are left out, for
 * these have lists of their own, unless they are asked for or could not be worked off. A sign-in mail shows that it went out and to whom, never its text: who
 * reads the link in it could sign in as that person (security.md, rule 1).
 */
export function listOutbox(
  context: ReadContext,
  filter: { state: string | undefined; kind: string | undefined; before: string | undefined; limit: number },
) {
  const conditions = [
    sql`organization_id = ${context.organization.id}::uuid`,
    filter.kind
      ? sql`kind = ${filter.kind}`
      : sql`(kind <> all ('{scheduled_message,webhook_event,automation}') and kind not like 'timer:%' or dead_at is not null)`,
    ...(filter.before ? [sql`id < ${filter.before}::uuid`] : []),
    ...(filter.state === 'waiting' ? [sql`done_at is null and dead_at is null`] : []),
    ...(filter.state === 'delivered' ? [sql`done_at is not null`] : []),
    ...(filter.state === 'dead' ? [sql`dead_at is not null`] : []),
  ];
  return context.tx.many(
    outboxRow,
    sql`
    select id, kind, attempts, last_error, result, run_at, done_at, dead_at, created_at,
      delivery, delivery_at, delivery_reason,
      case when done_at is not null then 'delivered' when dead_at is not null then 'dead' else 'waiting' end as state,
      case when kind = 'sign_in_email' then payload - 'text' else payload end as payload
    from jobs
    where ${join(conditions, ' and ')}
    order by id desc
    limit ${filter.limit}::integer`,
  );
}

/** Gives a dead job new attempts; false when there is no dead job with this id. */
export async function reviveJob(context: ReadContext, id: string): Promise<boolean> {
  const revived = await context.tx.run(sql`
    update jobs
    set dead_at = null, attempts = 0, run_at = now(), locked_until = null
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and dead_at is not null`);
  return revived === 1;
}

/** The delivery is of an earlier call: that it goes out again stands in the history, where it is counted (MAQ-15). */
export async function noteRetry(context: ReadContext, id: string): Promise<void> {
  await context.tx.run(sql`select log_audit('job', ${id}::uuid, ${retried}, '{}'::jsonb)`);
}

const sentMail = z.object({ job_id: z.string().nullable(), message_id: z.string().nullable() });

/** The delivery and the message of a mail, by the id the mail service gave it. */
export async function findSentMail(context: ReadContext, sentAs: string) {
  const { job_id, message_id } = await context.tx.one(
    sentMail,
    sql`
    select
      (
        select id
        from jobs
        where organization_id = ${context.organization.id}::uuid
          and result ? 'resend_id'
          and result ->> 'resend_id' = ${sentAs}
        limit 1
      ) as job_id,
      (
        select id
        from scheduled_messages
        where organization_id = ${context.organization.id}::uuid
          and provider_message_id = ${sentAs}
        limit 1
      ) as message_id`,
  );
  return { job_id: job_id ?? undefined, message_id: message_id ?? undefined };
}

/** Writes down what the mail service says of a delivery, unless it said something that weighs more. */
export async function updateDelivery(
  context: ReadContext,
  id: string,
  { delivery, occurred_at, reason }: { delivery: Delivery; occurred_at: string; reason?: string | undefined },
  lighter: readonly Delivery[],
): Promise<void> {
  await context.tx.run(sql`
    update jobs
    set delivery = ${delivery}, delivery_at = ${occurred_at}::timestamptz, delivery_reason = ${reason ?? null}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and (delivery is null or delivery = any (${[...lighter]}::text[]))`);
}

/** The business a mail was sent for, by the id the mail service gave it; asked before any business is known. */
export async function findMailOwner(tx: Tx, sentAs: string): Promise<string | undefined> {
  const { id } = await tx.one(
    z.object({ id: z.string().nullable() }),
    sql`select owner_of_mail(${sentAs}) as id`,
  );
  return id ?? undefined;
}
