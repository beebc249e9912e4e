import { z } from 'zod';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, requireChange } from '../kernel/words/errors.ts';
import { checkHours } from '../organizations/check-hours.ts';
import { memberRecord } from './member.ts';
import { workingHours } from './working-hours.ts';

const input = z.strictObject({
  member_id: ref('member'),
  days: workingHours
    .optional()
    .meta({ description: 'other days stay', examples: [{ fri: [], sat: [['09:00', '12:00']] }] }),
  as_business: z
    .array(workingHours.keyof())
    .min(1)
    .max(7)
    .optional()
    .meta({ description: 'days that are as business hours again' }),
});

/**
 * Says on which days somebody works otherwise than the business is open (TEN-07): free times, offers and bookings go by it.
 * Visits that are booked stay. Throws VALIDATION_ERROR for hours that are none, INVALID_STATE for who takes no visits.
 */
export const setWorkingHours = defineAction({
  domain: 'member',
  name: 'set_working_hours',
  summary: 'Say on which days somebody works other hours than the business, or none ([]).',
  input,
  output: memberRecord.row,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'set',
  object: 'working hours',
  example: { member_id: 'Theo', days: { fri: [], sat: [['09:00', '12:00']] } },
  keywords: ['part time', 'schedule', 'shift', 'days off', 'works only', 'availability of a technician'],
  roles: ['owner', 'admin'],
  async run(context, { member_id, ...changes }) {
    requireChange(changes, 'member_id', ['days', 'as_business']);
    const { days, as_business = [] } = changes;
    const before = await getRow(context, memberRecord, member_id, { lock: true });
    if (!before.is_bookable) {
      throw new DeskhandError('INVALID_STATE', `${before.name} does not take visits.`, {
        field: 'member_id',
        hint: 'Working hours are for members with is_bookable.',
      });
    }
    checkHours(days ?? {}, 'days');
    const kept = Object.entries({ ...before.working_hours, ...days }).filter(
      ([day]) => !as_business.some(other => other === day),
    );
    const working_hours = kept.length === 0 ? null : workingHours.parse(Object.fromEntries(kept));
    if (JSON.stringify(working_hours) === JSON.stringify(before.working_hours)) {
      context.unchanged();
      return before;
    }
    return updateRow(context, memberRecord, member_id, { working_hours });
  },
});
