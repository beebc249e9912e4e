/** Visits as calendars of people know them, whole or one by one. */
export { type FeedVisit, getFeedVisit, listFeedVisits } from './feed-queries.ts';
