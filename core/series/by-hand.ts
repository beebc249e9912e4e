import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listLines, listTechnicians } from '../tickets/queries.ts';
import { stampOf } from '../tickets/stamp.ts';
import type { Visit } from './queries.ts';

/** Which of some visits are not as their series planned them, by id. */
export async function changedByHand(context: ReadContext, visits: readonly Visit[]): Promise<Set<string>> {
  const ids = visits.map(({ id }) => id);
  const [lines, technicians] = await Promise.all([listLines(context, ids), listTechnicians(context, ids)]);
  const differs = (visit: Visit) =>
    visit.as_planned !==
    stampOf({
      ...visit,
      lines: lines.filter(({ ticket_id }) => ticket_id === visit.id),
      technician_ids: technicians.flatMap(({ ticket_id, id }) => (ticket_id === visit.id ? [id] : [])),
    });
  return new Set(visits.filter(differs).map(({ id }) => id));
}
