import { z } from 'zod';
import { interactionRecord } from '../interactions/interaction.ts';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { defineWaiting } from '../kernel/registry/waiting.ts';
import { cannotCome } from './record.ts';

/**
 * The follow-ups that a customer's own answers to a visit have left to the office and nobody has seen to, newest first, kept until
 * this transaction ends.
 */
export const lockFollowUpsOf = (context: ReadContext, ticketId: string) =>
  pickRows(
    context,
    interactionRecord,
    z.object({ id: z.string(), follow_up_status: z.string() }),
    sql`ticket_id = ${ticketId}::uuid
      and type = 'email_inbound'
      and is_auto_generated
      and follow_up_status in ('pending', 'canceled')
    order by id desc
    for no key update`,
  );

/** Customers who cannot come then, counted for the inbox. */
export const answersWait = defineWaiting({
  kind: 'answers',
  label: 'Answers of customers',
  one: 'customer cannot come',
  many: 'customers cannot come',
  view: 'tickets',
  filter: 'answered',
  settled_by: 'ticket.reschedule',
  count: context => sql`
    select count(*)::integer as count, min(answered_at) as oldest_at
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and ${cannotCome(context)}`,
});
