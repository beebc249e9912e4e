import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { eventRow, listEvents } from './queries.ts';

/** What services outside told us of, and whether it has been carried out. */
export const eventList = defineView({
  type: 'webhook_events',
  domain: 'webhook',
  summary: 'Events that services outside told us of, newest first, and what became of them.',
  keywords: ['webhook', 'resend', 'incoming', 'delivery events'],
  row: eventRow,
  params: z.strictObject({ provider: z.string().max(60).optional() }),
  roles: ['owner', 'admin'],
  async run(context, { params, limit, cursor }) {
    if (cursor !== undefined && !isUuid(cursor))
      throw invalid('cursor', 'This cursor does not belong to this list.');
    const rows = await listEvents(context, { provider: params.provider, before: cursor, limit: limit + 1 });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return rows.length > limit && last ? { rows: page, next_cursor: last.id } : { rows: page };
  },
});
