import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listOfLeads } from './queries.ts';

/** What stands in the notes of some leads, by the lead and newest first, at most 2,000 characters of each. */
export async function notesOfLeads(
  context: ReadContext,
  leadIds: readonly string[],
): Promise<Map<string, string[]>> {
  const byLead = new Map<string, string[]>();
  for (const { lead_id, content } of await listOfLeads(context, leadIds)) {
    byLead.set(lead_id, [...(byLead.get(lead_id) ?? []), content]);
  }
  return byLead;
}
