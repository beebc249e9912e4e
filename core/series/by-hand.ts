import type { ReadContext } from '../kernel/pipeline/context.ts';
import { partsOf } from '../tickets/parts.ts';
import { stampOf } from '../tickets/stamp.ts';
import type { Visit } from './queries.ts';

/** Which of some visits are not as their series planned them, by id. */
export async function changedByHand(context: ReadContext, visits: readonly Visit[]): Promise<Set<string>> {
  const ids = visits.map(({ id }) => id);
  const parts = await partsOf(context, ids);
  const differs = (visit: Visit) => {
    const { lines = [], technician_ids = [] } = parts.get(visit.id) ?? {};
    return visit.as_planned !== stampOf({ ...visit, lines, technician_ids });
  };
  return new Set(visits.filter(differs).map(({ id }) => id));
}
