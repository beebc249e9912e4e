import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { nameTasksOfCancelled } from '../tasks/follow.ts';
import { tellOfGap, tellOfGapAfter } from '../waitlist/opened.ts';
import { settleMails } from './cycle.ts';
import { endTimeEntries } from './queries.ts';
import { listCrew } from './technicians.ts';
import { notTold, tellOfCancellation } from './tell-customer.ts';
import { lockOpenTicket, ticketRecord } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';

/** Cancels a visit, which is final (GAP-02); agents say why (TKT-12, MAQ-11). Frees the technicians' time. */
export const cancelTicket = defineAction({
  domain: 'ticket',
  name: 'cancel',
  summary: 'Cancel an open visit; this is final. Its customer can be told by mail.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    cancel_reason: freeText.optional(),
    notify_customer: z.boolean().optional(),
  }),
  output: bookedAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  locks: 'ticket_id',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id'] },
  often: { rank: 1 },
  undo: 'none',
  why_not_undone: 'a cancelled visit is final, ticket.rebook books it anew',
  example: { ticket_id: 'T-2001', cancel_reason: 'Customer is away' },
  touches: ['email'],
  keywords: ['call off', 'abort', 'no show'],
  async run(context, { ticket_id, cancel_reason, notify_customer }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    const customer_told = await tellOfGapAfter(context, [], async () => {
      await cancelVisit(context, ticket.id, cancel_reason);
      return notify_customer
        ? tellOfCancellation(context, { ticketId: ticket.id, contactId: ticket.contact_id })
        : notTold;
    });
    return { ...(await answerTicket(context, ticket.id)), customer_told };
  },
});

/**
 * Cancels an open visit that the caller holds, and tells of the time that is free now; the reason of the call is why when no other
 * is given.
 */
export async function cancelVisit(context: Context, id: string, why: string | undefined): Promise<void> {
  const technicianIds = await listCrew(context, id);
  // Nobody could stop a clock on a cancelled visit any more, nor start one elsewhere.
  await endTimeEntries(context, id);
  const visit = await updateRow(context, ticketRecord, id, {
    status: 'cancelled',
    cancelled_at: context.now.toString(),
    cancel_reason: why ?? context.request.reasoning ?? null,
  });
  await settleMails(context, visit);
  await nameTasksOfCancelled(context, id);
  await tellOfGap(context, [{ technicianIds, from: visit.scheduled_at, to: visit.ends_at }]);
}
