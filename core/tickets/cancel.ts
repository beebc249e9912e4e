import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { endTimeEntries } from './queries.ts';
import { answerTicket, lockOpenTicket, ticketAnswer, ticketRecord } from './ticket.ts';

/** Cancels a visit, which is final (GAP-02); agents say why (TKT-12, MAQ-11). Frees the technicians' time. */
export const cancelTicket = defineAction({
  domain: 'ticket',
  name: 'cancel',
  summary: 'Cancel an open visit; this is final.',
  input: z.strictObject({ ticket_id: ref('ticket'), cancel_reason: freeText.optional() }),
  output: ticketAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  often: { rank: 1 },
  undo: 'none',
  example: { ticket_id: 'T-2001', cancel_reason: 'Customer is away' },
  keywords: ['call off', 'abort', 'no show'],
  async run(context, { ticket_id, cancel_reason }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    // Nobody could stop a clock on a cancelled visit any more, nor start one elsewhere.
    await endTimeEntries(context, ticket.id);
    await updateRow(context, ticketRecord, ticket.id, {
      status: 'cancelled',
      cancelled_at: context.now.toString(),
      cancel_reason: cancel_reason ?? context.request.reasoning ?? null,
    });
    return answerTicket(context, ticket.id);
  },
});
