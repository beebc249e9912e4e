import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { paymentMethods } from '../payments/record.ts';
import { takenWords } from './taken-words.ts';

// What was paid at the door of a visit, for its bill. Reads closeout_sessions, tickets and payments.

const paid = z.object({
  session_id: z.string(),
  payment_cents: z.number(),
  payment_method: z.enum(paymentMethods),
  check_number: z.string().nullable(),
  payment_at: z.string().nullable(),
  payment_checked_at: z.string().nullable(),
  /** The living payment that it is already, on this bill or another one of the visit. */
  recorded_as: z.string().nullable(),
  currency: z.string(),
  reference: z.string(),
});

/** What was taken at the door of a visit, checked or not, with how: `$20.00 in cash`. Undefined when nothing was. */
export async function findPaidAtDoor(context: ReadContext, ticketId: string) {
  const found = await context.tx.maybe(
    paid,
    sql`
    select s.id as session_id, s.payment_cents, s.payment_method, s.check_number, s.payment_at, s.payment_checked_at,
      p.reference as recorded_as, t.currency, t.reference
    from closeout_sessions as s
    join tickets as t on t.organization_id = s.organization_id and t.id = s.ticket_id
    left join payments as p on p.organization_id = s.organization_id and p.closeout_session_id = s.id
      and p.deleted_at is null
    where s.organization_id = ${context.organization.id}::uuid
      and s.ticket_id = ${ticketId}::uuid
      and s.payment_cents is not null
    limit 1`,
  );
  if (!found) return undefined;
  return { ...found, words: takenWords(found.currency, found) };
}

export type PaidAtDoor = NonNullable<Awaited<ReturnType<typeof findPaidAtDoor>>>;
