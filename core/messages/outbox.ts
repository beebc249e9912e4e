import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { listOutbox, outboxRow } from './queries.ts';

/** What waits, went out, or could not be delivered (the visible dead-letter state). */
export const outbox = defineView({
  type: 'outbox',
  domain: 'message',
  summary: 'What goes out: waiting, delivered and dead deliveries, newest first.',
  keywords: ['e-mail', 'sent', 'queue', 'failed', 'dead letter'],
  row: outboxRow,
  params: z.strictObject({
    state: z.enum(['waiting', 'delivered', 'dead']).optional(),
    kind: z.string().max(60).optional(),
  }),
  default_fields: ['id', 'kind', 'state', 'payload', 'attempts', 'last_error', 'created_at'],
  async run(context, { params, limit, cursor }) {
    if (cursor !== undefined && !isUuid(cursor))
      throw invalid('cursor', 'This cursor does not belong to this list.');
    const rows = await listOutbox(context, {
      state: params.state,
      kind: params.kind,
      before: cursor,
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last ? { next_cursor: last.id } : {}) };
  },
});
