import type { Context } from '../kernel/pipeline/context.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { noteRecord } from './note.ts';
import { listMovable, moveDeleted } from './queries.ts';

/** Gives the notes of a lead its customer (LED-20), whose facts they say then, or none when the match was a mistake. */
export async function moveNotesOfLead(
  context: Context,
  leadId: string,
  contact_id: string | null,
): Promise<void> {
  for (const { id, deleted_at } of await listMovable(context, leadId, contact_id)) {
    if (deleted_at === null) await updateRecord(context, noteRecord, id, { contact_id });
    else await moveDeleted(context, id, contact_id);
  }
}
