import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import {
  deleteTechnician,
  insertLine,
  insertTechnician,
  listLines,
  listTechnicians,
  type NewLine,
  refreshTotal,
  removeLine,
} from './queries.ts';
import type { Line } from './record.ts';

export interface Parts {
  lines: Line[];
  technician_ids: string[];
}

/** What is done on some visits, and who goes there, by visit. */
export async function partsOf(context: ReadContext, ids: readonly string[]): Promise<Map<string, Parts>> {
  const [lines, crew] = await Promise.all([listLines(context, ids), listTechnicians(context, ids)]);
  return new Map(
    ids.map(id => [
      id,
      {
        lines: lines.filter(({ ticket_id }) => ticket_id === id),
        technician_ids: crew.flatMap(each => (each.ticket_id === id ? [each.id] : [])),
      },
    ]),
  );
}

/** Puts other lines in the place of those a visit has; the total follows. */
export async function replaceLines(
  context: Context,
  id: string,
  before: readonly Line[],
  lines: readonly Omit<NewLine, 'ticket_id'>[],
): Promise<void> {
  for (const line of before) await removeLine(context, line.id);
  for (const line of lines) await insertLine(context, { ...line, ticket_id: id });
  await refreshTotal(context, id);
}

/** Takes off a visit whoever is not of a crew. */
export async function keepOnly(
  context: Context,
  id: string,
  parts: Parts,
  crew: readonly string[],
): Promise<void> {
  for (const technician of parts.technician_ids)
    if (!crew.includes(technician)) await deleteTechnician(context, id, technician);
}

/** Sends a crew to a visit; who is on it already stays. Whoever calls has reserved them. */
export async function sendCrew(context: Context, id: string, crew: readonly string[]): Promise<void> {
  for (const technician of crew) await insertTechnician(context, id, technician);
}
