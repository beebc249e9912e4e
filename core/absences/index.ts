import { defineDomain } from '../kernel/registry/domain.ts';
import { absenceRecord } from './absence.ts';
import { addHolidays } from './add-holidays.ts';

export const absences = defineDomain({
  name: 'absence',
  scope: 'calendar',
  area: 'visits',
  summary: 'When people are away, and when the business is closed.',
  aliases: {
    member_id: ['technician', 'technician_id', 'who', 'member', 'person'],
    starts_at: ['from', 'on', 'date', 'day', 'start', 'starts_on', 'start_date', 'since', 'first_day'],
    ends_at: ['to', 'until', 'end', 'ends_on', 'end_date', 'last_day'],
    reason: ['note', 'why'],
  },
  examples: {
    absence: {
      member_id: 'Theo',
      kind: 'vacation',
      starts_at: '2027-03-22',
      ends_at: '2027-03-24',
      reason: 'skiing',
    },
  },
  records: [absenceRecord],
  actions: [addHolidays],
});
