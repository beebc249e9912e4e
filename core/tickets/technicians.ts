import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { listTechnicians } from './queries.ts';

/** Who is meant on which visit. */
export const crewInput = z.strictObject({ ticket_id: ref('ticket'), technician_id: ref('member') });

/** The ids of those who go to a visit. */
export const listCrew = async (context: ReadContext, ticketId: string): Promise<string[]> =>
  (await listTechnicians(context, [ticketId])).map(({ id }) => id);
