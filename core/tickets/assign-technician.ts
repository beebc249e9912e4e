import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { memberRecord } from '../members/member.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { reserveTechnicians } from './assignment.ts';
import { insertTechnician } from './queries.ts';
import { warnOfSeries } from './series-goes-on.ts';
import { crewInput, listCrew, takeOff } from './technicians.ts';
import { lockOpenTicket } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';
import { placeByHand } from './to-place.ts';

const input = crewInput.extend({
  instead_of: ref('member').optional().meta({ description: 'who does not go any more' }),
  alone: z.boolean().optional().meta({ description: 'nobody else goes any more' }),
});

/**
 * Sends somebody to a visit, besides whoever goes or in their place. Who is on it already stays, so that several visits can
 * be given to one person whoever is on which; what was so already, and who else goes, is told.
 */
export const assignTechnician = defineAction({
  domain: 'ticket',
  name: 'assign_technician',
  summary:
    'Send a technician to a visit, also instead_of somebody, or alone for all others; refused when they are busy then.',
  input,
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'ticket_id',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id', 'technician_id'] },
  often: { rank: 1 },
  undo: 'ticket.unassign_technician',
  says: '{technician_id} to the visit {it}[ for {whose}]',
  example: { ticket_id: 'T-2001', technician_id: 'Tess' },
  keywords: ['dispatch', 'crew', 'replace', 'swap', 'hand over', 'give to'],
  async run(context, { ticket_id, technician_id, ...others }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    await reserveTechnicians(
      context,
      [technician_id],
      { from: ticket.scheduled_at, to: ticket.ends_at },
      ticket.id,
    );
    const off = await takeOthersOff(context, ticket, technician_id, others);
    const isNew = await insertTechnician(context, ticket.id, technician_id);
    if (ticket.to_place_why !== null) await placeByHand(context, ticket.id);
    const answer = await answerTicket(context, ticket.id);
    const name = answer.technicians.find(({ id }) => id === technician_id)?.name ?? '';
    if (!isNew && off.length === 0) context.unchanged();
    if (!isNew) context.warn(`${name} was on ${ticket.reference} already.`);
    const staying = answer.technicians.flatMap(other => (other.id === technician_id ? [] : [other.name]));
    if (staying.length > 0) {
      context.warn(
        `${staying.join(', ')} still ${staying.length === 1 ? 'goes' : 'go'} to ${ticket.reference} too; instead_of names who shall not, alone: true takes all others off.`,
      );
    }
    await warnOfSeries(context, ticket, off);
    await tellOfGap(context, [{ technicianIds: off, from: ticket.scheduled_at, to: ticket.ends_at }]);
    return answer;
  },
});

/** Takes off who shall not go any more, and names who was not on it. Answers who was taken off. Throws what `takeOff` throws. */
async function takeOthersOff(
  context: Context,
  ticket: { id: string; reference: string },
  technicianId: string,
  { instead_of, alone }: Pick<z.output<typeof input>, 'instead_of' | 'alone'>,
): Promise<string[]> {
  if (instead_of === undefined && !alone) return [];
  const crew = await listCrew(context, ticket.id);
  if (instead_of !== undefined && !crew.includes(instead_of)) {
    const { name } = await getRow(context, memberRecord, instead_of);
    context.warn(`${name} was not on ${ticket.reference}.`);
  }
  const off = crew.filter(id => id !== technicianId && (alone || id === instead_of));
  for (const id of off) await takeOff(context, ticket.id, id);
  return off;
}
