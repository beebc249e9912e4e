import { defineFeed } from '../kernel/outside/feeds.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { dayBounds } from '../kernel/words/time.ts';
import { listFeedVisits } from '../reading/feed-visits.ts';
import { calendarDetails } from './settings.ts';
import { visitEvent } from './visit-event.ts';
import { writeCalendar } from './write.ts';

/** How far a feed looks back and ahead, in days. */
const days = { past: 30, ahead: 182 } as const;

/**
 * The visits of one person, or of the business, as calendars subscribe to them (RFC 5545). Read as that person: technicians
 * see what is theirs, and a feed of the business is good for nothing once its person may not see all of it.
 */
export const calendarFeed = defineFeed({
  path: 'calendar',
  ending: '.ics',
  content_type: 'text/calendar; charset=utf-8',
  summary: 'the visits of one person, or of the business, for calendars of phones and computers',
  async write(context, { covers, base_url }) {
    const { organization, actor, now } = context;
    const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate();
    const isOwn = covers === 'own' || actor.role === 'technician';
    const visits = await listFeedVisits(context, {
      from: dayBounds(today.subtract({ days: days.past }), organization.time_zone).from.toString(),
      to: dayBounds(today.add({ days: days.ahead }), organization.time_zone).to.toString(),
      technicianId: isOwn ? (actor.id ?? undefined) : undefined,
    });
    const style = {
      details: settingOf(context, calendarDetails),
      names_technicians: !isOwn,
      country: organization.country,
      base_url,
    };
    return writeCalendar({
      name: isOwn ? `${organization.name}: ${actor.name}` : organization.name,
      refresh_hours: 1,
      events: visits.map(visit => visitEvent(visit, style)),
    });
  },
});
