import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const named = z.object({ id: z.string(), reference: z.string() });

/** The entry by which a customer waits; undefined when they do not. */
export const findLivingOf = (context: ReadContext, contactId: string) =>
  context.tx.maybe(
    named,
    sql`
    select id, reference
    from waitlist_entries
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and status = 'waiting'
      and deleted_at is null`,
  );

const endedColumns = sql`id, waitlist_id, contact_id, starts_at, expires_at, task_id, message_id`;

/** Withdraws the open offers to an entry, those of one round excepted; answers them. */
export const withdrawOf = (
  context: ReadContext,
  entryId: string,
  exceptRound: string | null = null,
): Promise<EndedOffer[]> =>
  context.tx.many(
    missed,
    sql`
    update waitlist_offers
    set status = 'withdrawn', ended_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and waitlist_id = ${entryId}::uuid
      and status = 'open'
      and round_id is distinct from ${exceptRound}::uuid
    returning ${endedColumns}`,
  );

const missed = z.object({
  id: z.string(),
  waitlist_id: z.string(),
  contact_id: z.string(),
  starts_at: z.string(),
  expires_at: z.string(),
  task_id: z.string().nullable(),
  message_id: z.string().nullable(),
});
export type EndedOffer = z.infer<typeof missed>;

/** Marks what is still open of a round as missed, one offer excepted; answers them. */
export const missRound = (context: ReadContext, roundId: string, exceptId: string) =>
  context.tx.many(
    missed,
    sql`
    update waitlist_offers
    set status = 'missed', ended_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and round_id = ${roundId}::uuid
      and id <> ${exceptId}::uuid
      and status = 'open'
    returning ${endedColumns}`,
  );

/** Open offers of somebody's time that are good now: whom was it offered to already. */
export const listOffered = async (
  context: ReadContext,
  { technicianId, from, to }: { technicianId: string; from: string; to: string },
) => (await listOffers(context, { from, to })).filter(({ technician_id }) => technician_id === technicianId);

/** Open offers of a period that are good now, whoever goes, by time. */
export const listOffers = (
  context: ReadContext,
  { from, to }: { from: string; to: string },
): Promise<OpenOffer[]> =>
  context.tx.many(
    openOffer,
    sql`
    select reference, waitlist_id, technician_id, starts_at, expires_at
    from waitlist_offers
    where organization_id = ${context.organization.id}::uuid
      and status = 'open'
      and expires_at > ${context.now.toString()}::timestamptz
      and starts_at >= ${from}::timestamptz
      and starts_at < ${to}::timestamptz
    order by starts_at, id`,
  );

const openOffer = z.object({
  reference: z.string(),
  waitlist_id: z.string(),
  technician_id: z.string(),
  starts_at: z.string(),
  expires_at: z.string(),
});
export type OpenOffer = z.infer<typeof openOffer>;

/** The call that has to be made about an offer. */
export const setCallOfOffer = (context: ReadContext, id: string, taskId: string): Promise<number> =>
  context.tx.run(sql`
    update waitlist_offers
    set task_id = ${taskId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`);

/** The offer that a call is about; undefined when it is about something else. */
export const findOfferOfCall = (
  context: ReadContext,
  taskId: string,
): Promise<{ id: string; reference: string } | undefined> =>
  context.tx.maybe(
    named,
    sql`
    select id, reference
    from waitlist_offers
    where organization_id = ${context.organization.id}::uuid
      and task_id = ${taskId}::uuid`,
  );

/**
 * An offer that can still be taken as far as it says itself, with the visit that would move; undefined when it cannot.
 */
export const findOpenOffer = (
  context: ReadContext,
  id: string,
): Promise<{ ticket_id: string | null } | undefined> =>
  context.tx.maybe(
    z.object({ ticket_id: z.string().nullable() }),
    sql`
    select e.ticket_id
    from waitlist_offers as o
    join waitlist_entries as e on e.organization_id = o.organization_id and e.id = o.waitlist_id
    where o.organization_id = ${context.organization.id}::uuid
      and o.id = ${id}::uuid
      and o.status = 'open'
      and o.expires_at > ${context.now.toString()}::timestamptz
      and e.status = 'waiting'
      and e.deleted_at is null`,
  );

/** The entry that wants one visit sooner goes along to the visit that takes its place. */
export const moveToVisit = (context: ReadContext, fromId: string, toId: string): Promise<number> =>
  context.tx.run(sql`
    update waitlist_entries
    set ticket_id = ${toId}::uuid
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${fromId}::uuid
      and status = 'waiting'
      and deleted_at is null`);
