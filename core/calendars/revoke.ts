import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { endFeed, feedRow } from './queries.ts';

/** Ends an address at once: one's own, or as owner or admin anybody's. The calendars that use it get nothing more. */
export const revokeFeed = defineAction({
  domain: 'calendar_feed',
  name: 'revoke',
  summary: 'End the address of a calendar: your own, or as owner or admin anybody’s.',
  input: z.strictObject({ id: z.uuid() }),
  output: feedRow,
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  undo: 'none',
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  human_only: true,
  on_page: '/calendar/subscribe',
  roles,
  keywords: ['ics', 'unsubscribe', 'lost phone', 'stolen', 'block'],
  async run(context, { id }) {
    const { actor } = context;
    const isTheirs = actor.kind === 'user' && actor.role !== 'owner' && actor.role !== 'admin';
    const row = await endFeed(context, id, isTheirs ? (actor.id ?? undefined) : undefined);
    if (!row)
      throw notFound('living calendar', id, { field: 'id', hint: 'Read calendar_feeds for their ids.' });
    return row;
  },
});
