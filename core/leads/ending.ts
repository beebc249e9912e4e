import { isOn } from '../automations/is-on.ts';
import { pendingOfLead } from '../interactions/cancel-with-lead.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';
import { endCallBacks } from './end-call-backs.ts';
import type { Lead } from './record.ts';

/** What the automation ends a moment after a lead was converted: each call-back by its number and time, and the reminder. */
export async function endedByConverting(context: Context, { id, reminder_at }: Lead): Promise<string[]> {
  return (await isOn(context, endCallBacks.name)) ? dueOf(context, { id, reminder_at }) : [];
}

/** Says what ends with an inquiry that comes to nothing: whoever was to be called is not called any more. */
export async function tellEnded(context: Context, lead: Pick<Lead, 'id' | 'reminder_at'>): Promise<void> {
  const ends = await dueOf(context, lead);
  if (ends.length > 0) context.warn(`Ended with it: ${ends.join(', ')}.`);
}

/** What is to be done about an inquiry: each call-back by its number and time, and the reminder. */
async function dueOf(
  context: Context,
  { id, reminder_at }: Pick<Lead, 'id' | 'reminder_at'>,
): Promise<string[]> {
  const at = (moment: string) => localTime(moment, context.organization.time_zone);
  const ends = (await pendingOfLead(context, id)).map(
    ({ reference, follow_up_at }) =>
      `the call-back ${reference}${follow_up_at === null ? '' : ` of ${at(follow_up_at)}`}`,
  );
  return reminder_at === null ? ends : [...ends, `the reminder of ${at(reminder_at)}`];
}

/** What nobody has confirmed of an inquiry cannot be confirmed there any more once it is a customer. */
export function tellUnconfirmed(context: Context, lead: Lead, customer: string): void {
  if (lead.extraction_status !== 'unconfirmed') return;
  context.warn(
    `Nobody has confirmed what was understood of the notes of ${lead.reference}: check name, address and facts of ${customer} with the customer.`,
  );
}
