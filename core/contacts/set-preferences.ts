import { z } from 'zod';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { memberRecord } from '../members/member.ts';
import { contactRecord } from './contact.ts';
import { preferences } from './record.ts';

/** Records what a customer likes: half of the day, weekdays, technician (CON-04). Members not given stay. */
export const setPreferences = defineAction({
  domain: 'contact',
  name: 'set_preferences',
  summary: 'Record a customer’s preferences: time_of_day, days, technician, a remark.',
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
    return updateRow(context, contactRecord, contact_id, { preferences: all });
  },
});
