import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { endConnection, endings } from './queries.ts';
import { isTheft, noticeKind } from './tell.ts';

/**
 * Ends a connection that its program ended, or whose code or refresh token was shown twice: one of the two who had it has stolen it.
 * One that has ended before stays as it is.
 */
export const loseConnection = defineAction({
  domain: 'connection',
  name: 'lose',
  summary:
    'End a connection that its program ended, or of which something was stolen; done by the authorization server.',
  input: z.strictObject({ connection: z.uuid(), because: z.enum(endings).exclude(['ended']) }),
  output: z.object({ ended: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  past: 'ended',
  object: 'a connection',
  undo: 'none',
  why_not_undone: 'the program asks anew, and a person allows it',
  example: { connection: '018f0000-0000-7000-8000-000000000000', because: 'client' },
  touches: ['email'],
  human_only: true,
  roles: [],
  async run(context, { connection, because }) {
    const row = await endConnection(context, connection, because);
    if (!row) context.unchanged();
    else if (isTheft(because)) {
      await context.enqueue({ kind: noticeKind, payload: { client_name: row.client_name, because } });
    }
    return { ended: row !== undefined };
  },
});
