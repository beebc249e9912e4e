import { cancelCallBacksOfLead } from '../interactions/cancel-with-lead.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { leadRecord } from './lead.ts';
import { listOpenOf } from './queries.ts';

/** Whoever has a visit booked need not be called back about an inquiry that is still open; says of which that was. */
export async function endCallBacksOfBooked(context: Context, contactId: string): Promise<void> {
  const ended: string[] = [];
  for (const { id, reference, has_reminder } of await listOpenOf(context, contactId)) {
    const follow_ups = await cancelCallBacksOfLead(context, id);
    if (has_reminder) await updateRow(context, leadRecord, id, { reminder_at: null });
    if (has_reminder || follow_ups > 0) ended.push(reference);
  }
  if (ended.length === 0) return;
  context.warn(
    `A visit is booked: nobody is to call back about ${ended.join(', ')} any more. Convert it when it is won.`,
  );
}
