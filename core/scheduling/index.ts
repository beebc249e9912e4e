import { defineDomain } from '../kernel/registry/domain.ts';
import { calendar } from '../reading/calendar.ts';
import { currentTicket } from '../reading/current-ticket.ts';
import { goodToKnow } from '../reading/good-to-know.ts';
import { news } from '../reading/news.ts';
import { availability } from './availability.ts';
import {
  driveMinutesBetween,
  driveMinutesElsewhere,
  driveMinutesNearby,
  slotMinutes,
  travelMinutes,
} from './settings.ts';

export const scheduling = defineDomain({
  name: 'scheduling',
  scope: 'calendar',
  area: 'visits',
  summary: 'When there is time, and what is planned.',
  views: [availability, calendar, currentTicket, goodToKnow, news],
  settings: [slotMinutes, travelMinutes, driveMinutesNearby, driveMinutesElsewhere, driveMinutesBetween],
});
