import { z } from 'zod';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { columnsOf } from '../kernel/records/columns.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import type { Task } from './record.ts';
import { taskRecord } from './task.ts';

/**
 * The open task with the same words, time, person and things; undefined when there is none. Whoever asks for the same waits
 * until this transaction ends, so that of two at once the second finds the first one's.
 */
export async function findTwin(context: Context, like: Partial<Task>): Promise<Task | undefined> {
  const title = String(like.title);
  await lockInBusiness(context, `task:${title.toLowerCase()}`);
  const same = (id: string | null | undefined) => sql`is not distinct from ${id ?? null}::uuid`;
  return context.tx.maybe(
    taskRecord.parsed,
    sql`
    select ${columnsOf(taskRecord)}
    from tasks
    where organization_id = ${context.organization.id}::uuid
      and status = 'open'
      and deleted_at is null
      and lower(title) = lower(${title})
      and due_at = ${String(like.due_at)}::timestamptz
      and note is not distinct from ${like.note ?? null}::text
      and assignee_id ${same(like.assignee_id)}
      and contact_id ${same(like.contact_id)}
      and lead_id ${same(like.lead_id)}
      and company_id ${same(like.company_id)}
      and ticket_id ${same(like.ticket_id)}
      and invoice_id ${same(like.invoice_id)}
    order by id
    limit 1`,
  );
}

/** The open call about a customer, a visit or a bill, of one kind. */
export const findCall = (
  context: ReadContext,
  {
    contact_id,
    ticket_id,
    invoice_id,
    call_kind,
  }: Pick<Task, 'contact_id' | 'ticket_id' | 'invoice_id' | 'call_kind'>,
): Promise<{ id: string } | undefined> =>
  context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from tasks
    where organization_id = ${context.organization.id}::uuid
      and contact_id is not distinct from ${contact_id}::uuid
      and ticket_id is not distinct from ${ticket_id}::uuid
      and invoice_id is not distinct from ${invoice_id}::uuid
      and call_kind = ${call_kind}
      and status = 'open'
      and deleted_at is null`,
  );

/** The open task of ours about a bill, of one purpose. */
export const findMadeFor = (
  context: ReadContext,
  { made_for, invoice_id }: { made_for: string; invoice_id: string },
): Promise<Pick<Task, 'id' | 'title' | 'note'> | undefined> =>
  context.tx.maybe(
    z.object({ id: z.string(), title: z.string(), note: z.string().nullable() }),
    sql`
    select id, title, note
    from tasks
    where organization_id = ${context.organization.id}::uuid
      and invoice_id = ${invoice_id}::uuid
      and made_for = ${made_for}
      and status = 'open'
      and deleted_at is null
    for no key update`,
  );

/** The open calls about a visit. */
export const listCalls = (context: ReadContext, ticketId: string) =>
  pickRows(
    context,
    taskRecord,
    z.object({ id: z.string(), call_kind: z.string().nullable() }),
    sql`ticket_id = ${ticketId}::uuid and status = 'open' and call_kind is not null order by id`,
  );

const named = z.object({ id: z.string(), reference: z.string(), title: z.string() });
export type NamedTask = z.infer<typeof named>;

/** Open tasks about somebody or something, the first due first; at most five. */
export const listOpen = (context: ReadContext, which: { contact_id: string } | { ticket_id: string }) =>
  pickRows(
    context,
    taskRecord,
    named,
    sql`status = 'open' and ${aboutThat(which)} order by due_at, id limit 5`,
  );

const aboutThat = (which: { contact_id: string } | { ticket_id: string }): Sql =>
  'contact_id' in which
    ? sql`contact_id = ${which.contact_id}::uuid`
    : sql`ticket_id = ${which.ticket_id}::uuid`;

/** Gives the open tasks of one visit to another; answers them. */
export const moveOfVisit = (context: ReadContext, fromId: string, toId: string): Promise<NamedTask[]> =>
  context.tx.many(
    named,
    sql`
    update tasks
    set ticket_id = ${toId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${fromId}::uuid
      and status = 'open'
      and deleted_at is null
    returning id, reference, title`,
  );

/** Gives the tasks of a lead its customer, or none; with `isWon` they are no longer the lead's. Answers their ids. */
export async function moveOfLead(
  context: ReadContext,
  leadId: string,
  contactId: string | null,
  isWon: boolean,
): Promise<string[]> {
  const moved = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    update tasks
    set contact_id = ${contactId}::uuid,
      lead_id = case when ${isWon}::boolean then null else lead_id end
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
    returning id`,
  );
  return moved.map(({ id }) => id);
}

/** Cancels the open tasks about a lead; answers them. */
export const cancelOfLead = (
  context: ReadContext,
  leadId: string,
  end: Pick<Task, 'ended_at' | 'ended_by'>,
): Promise<NamedTask[]> =>
  context.tx.many(
    named,
    sql`
    update tasks
    set status = 'cancelled', ended_at = ${end.ended_at}::timestamptz, ended_by = ${end.ended_by}::text
    where organization_id = ${context.organization.id}::uuid
      and lead_id = ${leadId}::uuid
      and status = 'open'
      and deleted_at is null
    returning id, reference, title`,
  );
