import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { visits } from './visit-parts.ts';

// What was done and is not billed. Reads tickets, contacts, invoices, closeout_sessions and members.

export const unbilledRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  customer: z.string(),
  closed_at: z.string(),
  closed_by: z.string().nullable(),
  total_cents: z.number(),
  currency: z.string(),
  /** What was taken at the door: cash, check, card; null when nothing was. */
  payment_method: z.string().nullable(),
  payment_reason: z.string().nullable(),
  payment_cents: z.number().nullable(),
  check_number: z.string().nullable(),
  taken_by: z.string().nullable(),
  payment_at: z.string().nullable(),
  /** When the office said that this money is there; null while it waits for the check. */
  payment_checked_at: z.string().nullable(),
  /** What is still owed of the visit after what was taken at the door. */
  left_cents: z.number(),
  /** The bill of a visit whose money at the door still waits for the check. */
  invoice: z.string().nullable(),
});

/**
 * Closed visits that have no living bill and of which something is still owed, whatever was paid at the door, and those of
 * which money was taken at the door that nobody has checked, billed or not; the latest first.
 */
export const listUnbilled = (
  context: ReadContext,
  { contact_id, limit, after }: { contact_id: string | undefined; limit: number; after: number },
) =>
  context.tx.many(
    unbilledRow,
    sql`
    select t.id, t.reference, t.contact_id, c.full_name as customer, t.closed_at, t.closed_by, t.total_cents,
      t.currency, s.payment_method, s.payment_reason, s.payment_cents, s.check_number, m.name as taken_by, s.payment_at,
      s.payment_checked_at, greatest(t.total_cents - coalesce(s.payment_cents, 0), 0) as left_cents,
      i.reference as invoice
    from ${visits}
    left join closeout_sessions as s
      on s.organization_id = t.organization_id and s.ticket_id = t.id and s.completed_at is not null
    left join members as m on m.organization_id = s.organization_id and m.id = s.member_id
    left join invoices as i
      on i.organization_id = t.organization_id and i.ticket_id = t.id and i.status not in ('void', 'cancelled')
    where t.organization_id = ${context.organization.id}::uuid
      and t.status = 'closed'
      and not t.is_imported
      and t.total_cents > 0
      ${contact_id === undefined ? sql`` : sql`and t.contact_id = ${contact_id}::uuid`}
      and (
        (i.id is null and (s.payment_checked_at is null or s.payment_cents < t.total_cents))
        or (s.payment_cents is not null and s.payment_checked_at is null)
      )
    order by t.closed_at desc, t.id
    offset ${after}::integer
    limit ${limit}::integer`,
  );

const notClosed = z.object({ reference: z.string(), scheduled_at: z.string() });

/** The visit of a customer that is the likeliest to be meant and is not closed yet: the last one that has begun, or else the next. */
export const findNotClosed = (context: ReadContext, contactId: string) =>
  context.tx.maybe(
    notClosed,
    sql`
    select t.reference, t.scheduled_at
    from ${visits}
    where t.organization_id = ${context.organization.id}::uuid
      and t.contact_id = ${contactId}::uuid
      and t.status not in ('closed', 'cancelled')
    order by t.scheduled_at > ${context.now.toString()}::timestamptz,
      abs(extract(epoch from t.scheduled_at - ${context.now.toString()}::timestamptz)), t.id
    limit 1`,
  );
