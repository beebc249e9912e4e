import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { reserveTechnicians } from './assignment.ts';
import { insertTechnician } from './queries.ts';
import { crewInput } from './technicians.ts';
import { answerTicket, lockOpenTicket, ticketAnswer } from './ticket.ts';

export const assignTechnician = defineAction({
  domain: 'ticket',
  name: 'assign_technician',
  summary: 'Send a technician to a visit; refused when they are busy then.',
  input: crewInput,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id', 'technician_id'] },
  often: { rank: 1 },
  undo: 'ticket.unassign_technician',
  example: { ticket_id: 'T-2001', technician_id: 'Tess' },
  keywords: ['dispatch', 'crew'],
  async run(context, { ticket_id, technician_id }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    await reserveTechnicians(
      context,
      [technician_id],
      { from: ticket.scheduled_at, to: ticket.ends_at },
      ticket.id,
    );
    if (!(await insertTechnician(context, ticket.id, technician_id))) {
      throw new DeskhandError('CONFLICT', 'This technician is on the visit already.', {
        field: 'technician_id',
      });
    }
    return answerTicket(context, ticket.id);
  },
});
