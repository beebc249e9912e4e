import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { endDeletion } from './queries.ts';

/** Takes the deletion of the business back; any owner can, without a passkey. Throws INVALID_STATE when none waits. */
export const cancelDeletion = defineAction({
  domain: 'deletion',
  name: 'cancel',
  summary: 'Keep the business: take its deletion back.',
  input: z.strictObject({}),
  output: z.object({ id: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  undo: 'none',
  past: 'cancelled',
  object: 'deletion of the business',
  example: {},
  human_only: true,
  on_page: '/exports/delete',
  roles: ['owner'],
  keywords: ['keep the business', 'do not delete'],
  async run(context) {
    const { organization, actor } = context;
    const ended = actor.id === null ? undefined : await endDeletion(context, actor.id);
    if (!ended) {
      throw new DeskhandError('INVALID_STATE', 'Nobody has asked that this business be deleted.', {
        hint: 'There is nothing to take back.',
      });
    }
    await logEntry(context, { type: 'organization', id: organization.id, verb: 'deletion_cancelled' });
    return ended;
  },
});
