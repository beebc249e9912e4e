import { defineDomain } from '../kernel/registry/define.ts';
import { availability } from './availability.ts';
import { calendar } from './calendar.ts';
import { currentTicket } from './current-ticket.ts';
import { slotMinutes, travelMinutes } from './settings.ts';

export const scheduling = defineDomain({
  name: 'scheduling',
  summary: 'When there is time, and what is planned.',
  views: [availability, calendar, currentTicket],
  settings: [slotMinutes, travelMinutes],
});
