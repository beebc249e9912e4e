import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { deleteTechnician, findOpenEntry } from './queries.ts';
import { crewInput } from './technicians.ts';
import { answerTicket, lockOpenTicket, ticketAnswer } from './ticket.ts';

export const unassignTechnician = defineAction({
  domain: 'ticket',
  name: 'unassign_technician',
  summary: 'Take a technician off a visit.',
  keywords: ['crew', 'free', 'somebody else'],
  input: crewInput,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id', 'technician_id'] },
  often: { rank: 2 },
  undo: 'ticket.assign_technician',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  async run(context, { ticket_id, technician_id }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    const open = await findOpenEntry(context, technician_id);
    if (open?.ticket_id === ticket.id) {
      throw new DeskhandError('INVALID_STATE', 'This technician is clocked in on the visit.', {
        field: 'technician_id',
        hint: 'Clock them out first with ticket.clock_out.',
      });
    }
    if (!(await deleteTechnician(context, ticket.id, technician_id))) {
      throw notFound('technician on this visit', technician_id, { field: 'technician_id' });
    }
    return answerTicket(context, ticket.id);
  },
});
