import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

/** Whatever a calendar shows is read by who keeps that calendar: the maker of the phone, the provider of the mailbox. */
export const calendarDetails = defineSetting({
  name: 'calendar_details',
  label: 'Details in calendars',
  summary:
    'What the calendars people subscribe to show of a visit: full (customer, phone, address, services), or short (reference and town; the rest behind the link).',
  value: z.enum(['full', 'short']),
  usual: 'full',
  open_to: 'people',
});
