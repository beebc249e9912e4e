import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { localTime, weekdays } from '../kernel/words/time.ts';
import { memberRecord } from '../members/member.ts';
import { listToCome } from '../reading/unfit-visits.ts';
import { contactRecord } from './contact.ts';
import { preferences } from './record.ts';

/** Records what a customer likes: half of the day, weekdays, technician (CON-04). Members not given stay. */
export const setPreferences = defineAction({
  domain: 'contact',
  name: 'set_preferences',
  summary:
    'Record what a customer prefers: time_of_day, days, technician, a remark. It orders what is offered; "only Tess" goes in the note, too.',
  input: z.strictObject({ contact_id: ref('contact'), ...preferences.shape }),
  output: contactRecord.row,
  permission: { level: 'unrestricted' },
  effect: 'update',
  often: { rank: 2 },
  past: 'set',
  example: { contact_id: 'Jane Smith', time_of_day: 'morning' },
  keywords: ['morning', 'afternoon', 'prefers'],
  async run(context, { contact_id, ...given }) {
    requireChange(given, 'contact_id', Object.keys(preferences.shape));
    const before = await getRow(context, contactRecord, contact_id, { lock: true });
    if (given.technician_id !== undefined) await getRow(context, memberRecord, given.technician_id);
    const all = Object.fromEntries(
      Object.entries({ ...before.preferences, ...given }).filter(([, value]) => value !== undefined),
    );
    await tellUnfit(context, contact_id, preferences.parse(all));
    return updateRow(context, contactRecord, contact_id, { preferences: all });
  },
});

/** Names the visits that are booked otherwise than the customer likes: they stay as they are. */
async function tellUnfit(
  context: Context,
  contactId: string,
  { time_of_day, days, technician_id }: z.output<typeof preferences>,
): Promise<void> {
  const { time_zone } = context.organization;
  const unfit = (await listToCome(context, contactId)).filter(({ scheduled_at, technician_ids }) => {
    const at = Temporal.Instant.from(scheduled_at).toZonedDateTimeISO(time_zone);
    const isMorning = at.hour < 12;
    const day = weekdays[at.dayOfWeek - 1]?.toLowerCase();
    const isAnother = technician_id && technician_ids?.some(id => id !== technician_id);
    return (
      (time_of_day === 'morning' && !isMorning) ||
      (time_of_day === 'afternoon' && isMorning) ||
      (days !== undefined && days.length > 0 && !days.some(liked => liked === day)) ||
      isAnother
    );
  });
  if (unfit.length === 0) return;
  const said = unfit.map(({ reference, scheduled_at, technicians }) =>
    [reference, localTime(scheduled_at, time_zone), technicians?.join(', ')].filter(Boolean).join(' '),
  );
  context.warn(
    `Booked otherwise, and left as it is: ${said.join('; ')}. handle_reschedule_request moves one.`,
  );
}
