import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { deleteTechnician, findOpenEntry, listTechnicians } from './queries.ts';

/** Who is meant on which visit. */
export const crewInput = z.strictObject({ ticket_id: ref('ticket'), technician_id: ref('member') });

/** The ids of those who go to a visit. */
export const listCrew = async (context: ReadContext, ticketId: string): Promise<string[]> =>
  (await listTechnicians(context, [ticketId])).map(({ id }) => id);

/** Those who go to a visit, by name. */
export const listCrewOf = async (
  context: ReadContext,
  ticketId: string,
): Promise<{ id: string; name: string }[]> =>
  (await listTechnicians(context, [ticketId])).map(({ id, name }) => ({ id, name }));

/** Takes somebody off a visit. Throws INVALID_STATE while their clock runs there, NOT_FOUND for who is not on it. */
export async function takeOff(context: ReadContext, ticketId: string, technicianId: string): Promise<void> {
  const open = await findOpenEntry(context, technicianId);
  if (open?.ticket_id === ticketId) {
    throw new DeskhandError('INVALID_STATE', 'This technician is clocked in on the visit.', {
      field: 'technician_id',
      hint: 'Clock them out first with ticket.clock_out.',
    });
  }
  if (!(await deleteTechnician(context, ticketId, technicianId))) {
    throw notFound('technician on this visit', technicianId, { field: 'technician_id' });
  }
}
