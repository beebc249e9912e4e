import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { reserveTechnicians } from './assignment.ts';
import { deleteTechnician, findOpenEntry, insertTechnician, listTechnicians } from './queries.ts';
import { answerTicket, lockOpenTicket, ticketAnswer } from './ticket.ts';

const input = z.strictObject({ ticket_id: ref('ticket'), technician_id: ref('member') });

export const assignTechnician = defineAction({
  domain: 'ticket',
  name: 'assign_technician',
  summary: 'Send a technician to a visit; refused when they are busy then.',
  input,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
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

export const unassignTechnician = defineAction({
  domain: 'ticket',
  name: 'unassign_technician',
  summary: 'Take a technician off a visit.',
  keywords: ['crew', 'free', 'somebody else'],
  input,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
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

/** The ids of those who go to a visit. */
export const listCrew = async (context: ReadContext, ticketId: string): Promise<string[]> =>
  (await listTechnicians(context, [ticketId])).map(({ id }) => id);
