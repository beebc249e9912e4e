import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { addLines, newLine, readServices, tellLonger } from './pricing.ts';
import { requireOwnVisit } from './requirements.ts';
import { lockOpenTicket, ticketRecord } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';

export const addLine = defineAction({
  domain: 'ticket',
  name: 'add_line',
  summary: 'Add a service to an open visit.',
  input: z.strictObject({ ticket_id: ref('ticket'), ...newLine.shape }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'lines', word: 'service_id' },
  often: { rank: 2 },
  undo: 'ticket.remove_line',
  example: { ticket_id: 'T-2001', service_id: 'Screen Cleaning', quantity: 20 },
  roles,
  keywords: ['add service', 'line item'],
  async run(context, { ticket_id, ...input }) {
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    const services = await readServices(context, [input], () => '');
    const { unpriced } = await addLines(context, ticket.id, [input], services);
    if (unpriced) {
      await updateRow(context, ticketRecord, ticket.id, { is_price_estimated: true });
      context.warn('No price is set for this service yet; set unit_price_cents with ticket.update_line.');
    }
    await tellLonger(context, ticket);
    return answerTicket(context, ticket.id);
  },
});
