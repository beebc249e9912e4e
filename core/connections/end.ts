import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { connectionRow, endConnection } from './queries.ts';

/** Ends a connection; the next call with any of its tokens is refused in every process. */
export const endConnectionAction = defineAction({
  domain: 'connection',
  name: 'end',
  summary: 'End a connection: its program is refused from the next call on.',
  input: z.strictObject({ id: z.uuid() }),
  output: connectionRow,
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  past: 'ended',
  undo: 'none',
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  human_only: true,
  roles: ['owner', 'admin'],
  keywords: ['disconnect', 'revoke', 'block', 'stolen'],
  async run(context, { id }) {
    const row = await endConnection(context, id, 'ended');
    if (!row) {
      throw notFound('living connection', id, { field: 'id', hint: 'Read connections for their ids.' });
    }
    return row;
  },
});
