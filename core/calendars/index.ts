import { defineDomain } from '../kernel/registry/domain.ts';
import { createFeed } from './create.ts';
import { calendarFeed } from './feed.ts';
import { feedsView } from './feeds.ts';
import { revokeFeed } from './revoke.ts';
import { calendarDetails } from './settings.ts';

export const calendars = defineDomain({
  name: 'calendar_feed',
  label: 'calendars',
  summary: 'Visits in the calendars people have on their phones and computers.',
  whose: 'ours',
  widens: 'who reads the visits',
  actions: [createFeed, revokeFeed],
  views: [feedsView],
  settings: [calendarDetails],
  feeds: [calendarFeed],
});
