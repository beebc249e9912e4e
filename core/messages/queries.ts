import { z } from 'zod';
import type { Tx } from '../kernel/database/db.ts';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { defineWaiting } from '../kernel/registry/waiting.ts';
import type { Delivery, MessageKind } from './record.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/**
 * What the outbox shows. A sign-in mail shows that it went out and to whom, never its text: who reads the link in it could
 * sign in as that person (security.md, rule 1).
 */
export const outboxColumns = sql`
  id, kind, attempts, last_error, result, run_at, done_at, dead_at, created_at, delivery, delivery_at, delivery_reason,
  case when done_at is not null then 'delivered' when dead_at is not null then 'dead' else 'waiting' end as state,
  case when kind = 'sign_in_email' then payload - 'text' else payload end as payload`;

/** The jobs in each state. */
export const inState = {
  waiting: sql`done_at is null and dead_at is null`,
  delivered: sql`done_at is not null`,
  dead: sql`dead_at is not null`,
};

/** What could not be sent, or came back, in the last 30 days: longer ago nobody can mend it. */
export const failedLately = sql`(
  dead_at is not null or delivery in ('failed', 'bounced', 'complained')
) and created_at > now() - interval '30 days'`;

/** Mails an assistant has written that wait for somebody, counted for the inbox. */
export const draftsWait = defineWaiting({
  kind: 'drafts',
  label: 'Mails to look at',
  one: 'mail to look at',
  many: 'mails to look at',
  view: 'scheduled_messages',
  filter: 'draft',
  settled_by: 'message.send_now',
  count: context => sql`
    select count(*)::integer as count, min(created_at) as oldest_at
    from scheduled_messages
    where organization_id = ${context.organization.id}::uuid
      and status = 'draft'`,
});

/** Mail that failed, counted for the inbox. */
export const failedWaits = defineWaiting({
  kind: 'failed_mail',
  label: 'Mail that failed',
  one: 'mail failed',
  many: 'mails failed',
  view: 'outbox',
  params: { state: 'failed' },
  count: context => sql`
    select count(*)::integer as count, min(created_at) as oldest_at
    from jobs
    where organization_id = ${context.organization.id}::uuid
      and ${failedLately}`,
});

/**
 * What goes out. Work inside the house, and the mails that are planned, have lists of their own or are nobody's concern: they
 * stand here when they are asked for, or could not be worked off.
 */
export function goesOut({ registry }: ReadContext): Sql {
  const inside = [...registry.jobs.values()].flatMap(({ kind, is_internal }) => (is_internal ? [kind] : []));
  return sql`(
    kind <> all (${[...inside, 'scheduled_message', 'planned_message']}::text[]) and kind not like 'timer:%' or dead_at is not null
  )`;
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

const sentMail = z.object({
  job_id: z.string().nullable(),
  message_id: z.string().nullable(),
  /** Where it went. */
  to: z.string().nullable(),
  /** The customer it went to; null for mail to people of the business. */
  contact_id: z.string().nullable(),
  /** The company it went to. */
  company_id: z.string().nullable(),
});
export type SentMail = z.infer<typeof sentMail>;

/**
 * A mail by its delivery, or by the id the mail service gave it; the message it carried is known by that as well, when the
 * delivery is long forgotten. Undefined for what nobody here has sent.
 */
export function findMail(
  { tx, organization }: ReadContext,
  { job_id, sent_as }: { job_id?: string | undefined; sent_as?: string | undefined },
): Promise<SentMail | undefined> {
  return tx.maybe(
    sentMail,
    sql`
    select j.id as job_id, coalesce(m.id, (j.payload ->> 'message_id')::uuid) as message_id,
      coalesce(j.payload ->> 'to', m.sent_to) as to, coalesce(j.contact_id, m.contact_id) as contact_id,
      coalesce((j.payload ->> 'company_id')::uuid, m.company_id) as company_id
    from (
      select id, payload, contact_id
      from jobs
      where organization_id = ${organization.id}::uuid
        and (id = ${job_id ?? null}::uuid or result ? 'resend_id' and result ->> 'resend_id' = ${sent_as ?? null}::text)
      limit 1
    ) as j
    full join (
      select id, sent_to, contact_id, company_id
      from scheduled_messages
      where organization_id = ${organization.id}::uuid
        and provider_message_id = ${sent_as ?? null}::text
      limit 1
    ) as m on true`,
  );
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

/** The messages about a visit that are still to go out, locked; of some kinds, or all. */
export const listWaiting = (context: ReadContext, ticketId: string, only?: readonly MessageKind[]) =>
  pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    z.object({ id: z.string(), reference: z.string() }),
    sql`ticket_id = ${ticketId}::uuid
      and status in ('draft', 'pending')
      and (${only === undefined}::boolean or kind = any (${[...(only ?? [])]}::text[]))
    order by id
    for no key update`,
  );

/** The same mail about the same thing that is on its way already: asked for twice, the customer gets it once. */
export async function findSame(
  context: ReadContext,
  {
    kind,
    contact_id,
    ticket_id,
    invoice_id,
    sent_to,
    sent_body,
  }: Pick<ScheduledMessage, 'kind' | 'contact_id' | 'ticket_id' | 'invoice_id'> & {
    sent_to: string;
    sent_body: string;
  },
): Promise<ScheduledMessage | undefined> {
  const [same] = await pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    messageRecord.row,
    sql`contact_id is not distinct from ${contact_id}::uuid
      and kind = ${kind}
      and status = 'sending'
      and ticket_id is not distinct from ${ticket_id}::uuid
      and invoice_id is not distinct from ${invoice_id}::uuid
      and sent_to = ${sent_to}
      and sent_body = ${sent_body}
    limit 1`,
  );
  return same;
}
