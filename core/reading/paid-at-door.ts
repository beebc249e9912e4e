import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { takenWords } from './taken-words.ts';

// What was paid at the door of a visit, for its bill. Reads closeout_sessions and tickets.

const paid = z.object({
  payment_cents: z.number(),
  payment_method: z.string(),
  check_number: z.string().nullable(),
  currency: z.string(),
  reference: z.string(),
});

/** What was taken at the door of a visit, checked or not, with how: `$20.00 in cash`. Undefined when nothing was. */
export async function findPaidAtDoor(context: ReadContext, ticketId: string) {
  const found = await context.tx.maybe(
    paid,
    sql`
    select s.payment_cents, s.payment_method, s.check_number, t.currency, t.reference
    from closeout_sessions as s
    join tickets as t on t.organization_id = s.organization_id and t.id = s.ticket_id
    where s.organization_id = ${context.organization.id}::uuid
      and s.ticket_id = ${ticketId}::uuid
      and s.payment_cents is not null
    limit 1`,
  );
  if (!found) return undefined;
  const { payment_cents, currency, reference } = found;
  return { payment_cents, reference, words: takenWords(currency, found) };
}
