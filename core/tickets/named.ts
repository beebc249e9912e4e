import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { fold } from '../kernel/words/fold.ts';
import { localTime } from '../kernel/words/time.ts';
import { listOpenOf } from './list-queries.ts';

/**
 * The open visits of whom somebody names, the next first: "Doris Langford" is her only one, and with two of them whoever
 * asks is asked back. Visits that are closed or cancelled go by their reference alone.
 */
export async function findOpenVisits(
  context: ReadContext,
  text: string,
  among?: readonly string[],
): Promise<Candidate[]> {
  const found = (await contactRecord.findByName?.(context, text)) ?? [];
  const exact = found.filter(({ label }) => fold(label) === fold(text));
  const customers = new Map((exact.length > 0 ? exact : found).map(({ id, label }) => [id, label]));
  const visits = await listOpenOf(context, [...customers.keys()], among);
  return visits.map(({ id, reference, contact_id, scheduled_at }) => ({
    id,
    reference,
    label: `${customers.get(contact_id)}, ${localTime(scheduled_at, context.organization.time_zone)}`,
  }));
}
