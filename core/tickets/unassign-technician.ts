import { defineAction } from '../kernel/registry/define.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import { warnOfSeries } from './series-goes-on.ts';
import { crewInput, listCrew, takeOff } from './technicians.ts';
import { lockOpenTicket } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';
import { placeByHand } from './to-place.ts';

export const unassignTechnician = defineAction({
  domain: 'ticket',
  name: 'unassign_technician',
  summary: 'Take a technician off a visit.',
  keywords: ['crew', 'free', 'somebody else'],
  input: crewInput,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'ticket_id',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id', 'technician_id'] },
  often: { rank: 2 },
  undo: 'ticket.assign_technician',
  says: '{was:technician_id} from the visit {it}[ for {whose}]',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  async run(context, { ticket_id, technician_id }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    await takeOff(context, ticket.id, technician_id);
    if (ticket.to_place_why !== null && (await listCrew(context, ticket.id)).length > 0)
      await placeByHand(context, ticket.id);
    await warnNobodyYet(context, ticket.id, { from: ticket.scheduled_at, to: ticket.ends_at });
    const technicianIds = [technician_id];
    await warnOfSeries(context, ticket, technicianIds);
    await tellOfGap(context, [{ technicianIds, from: ticket.scheduled_at, to: ticket.ends_at }]);
    return answerTicket(context, ticket.id);
  },
});
