import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { connectionRow, endConnection, endings } from './queries.ts';

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

/**
 * Ends a connection that its program ended, or whose code or refresh token was shown twice: one of the two who had it has stolen it.
 * One that has ended before stays as it is.
 */
export const loseConnection = defineAction({
  domain: 'connection',
  name: 'lose',
  summary:
    'End a connection that its program ended, or of which something was stolen; done by the authorization server.',
  input: z.strictObject({ id: z.uuid(), because: z.enum(endings).exclude(['ended']) }),
  output: z.object({ ended: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  past: 'ended',
  object: 'a connection',
  undo: 'none',
  why_not_undone: 'the program asks anew, and a person allows it',
  example: { id: '018f0000-0000-7000-8000-000000000000', because: 'client' },
  human_only: true,
  roles: [],
  async run(context, { id, because }) {
    const row = await endConnection(context, id, because);
    if (!row) context.unchanged();
    return { ended: row !== undefined };
  },
});
