import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { lineKey } from '../lines/pick-line.ts';
import { chooseLine } from './lines.ts';
import { removeLine as deleteLine, refreshTotal } from './queries.ts';
import { requireOwnVisit } from './requirements.ts';
import { lockOpenTicket } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';

export const removeLine = defineAction({
  domain: 'ticket',
  name: 'remove_line',
  summary: 'Take a service off an open visit.',
  keywords: ['delete service', 'line item', 'without'],
  input: z.strictObject({ ticket_id: ref('ticket'), line_id: lineKey.optional() }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'lines', word: 'line_id' },
  often: { rank: 2 },
  undo: 'ticket.add_line',
  example: { ticket_id: 'T-2001', line_id: '1' },
  roles,
  async run(context, { ticket_id, line_id }) {
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    await deleteLine(context, (await chooseLine(context, ticket.id, line_id)).id);
    await refreshTotal(context, ticket.id);
    return answerTicket(context, ticket.id);
  },
});
