import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { localTime } from '../kernel/words/time.ts';
import { listLines, listTechnicians } from './queries.ts';
import { lineRow } from './record.ts';
import { ticketRecord } from './ticket.ts';

/** A visit with what people want to see at once, without what only our own code keeps. Answers of the ticket actions. */
export const ticketAnswer = ticketRecord.row
  .omit({ told_at: true, is_reminded: true, as_planned: true, is_imported: true })
  .extend({
    scheduled_local: z.string(),
    lines: z.array(lineRow.omit({ ticket_id: true })),
    technicians: z.array(z.object({ id: z.string(), name: z.string() })),
  });

/** The same of a visit its customer can be told about: how they were (MCP-06), or why they could not be. */
export const bookedAnswer = ticketAnswer.extend({ customer_told: z.string().optional() });

/** What every ticket action answers: the visit with local time, lines and technicians. */
export async function answerTicket(context: ReadContext, id: string): Promise<z.input<typeof ticketAnswer>> {
  const ticket = await getRow(context, ticketRecord, id);
  const [lines, technicians] = await Promise.all([listLines(context, [id]), listTechnicians(context, [id])]);
  return {
    ...ticket,
    scheduled_local: localTime(ticket.scheduled_at, context.organization.time_zone),
    lines: lines.map(({ ticket_id: _, ...line }) => line),
    technicians: technicians.map(({ ticket_id: _, ...technician }) => technician),
  };
}
