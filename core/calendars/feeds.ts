import { sql } from '../kernel/database/sql.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { defineLog } from '../kernel/records/log-view.ts';
import { ref } from '../kernel/records/references.ts';
import { feedRow } from './queries.ts';

/** Whose calendars are subscribed to, and what they cover: one's own, and everybody's for owners and admins. */
export const feedsView = defineLog({
  type: 'calendar_feeds',
  domain: 'calendar_feed',
  summary: 'Calendars that are subscribed to: whose, what they cover, since when; never their addresses.',
  keywords: ['ics', 'subscriptions', 'webcal'],
  from: 'calendar_feeds',
  row: feedRow,
  exactly: { member_id: ref('member') },
  only: ({ actor }) =>
    actor.kind === 'user' && actor.role !== 'owner' && actor.role !== 'admin'
      ? [sql`member_id = ${actor.id}::uuid`]
      : [],
  human_only: true,
  roles,
});
