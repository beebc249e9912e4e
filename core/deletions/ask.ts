import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { passkeyAnswer } from '../passkeys/record.ts';
import { confirmWithPasskey, deleteBusiness } from '../passkeys/verify.ts';
import { deletionRow, findDeletion, insertDeletion } from './queries.ts';
import { noticeKind } from './tell.ts';

/**
 * Asks that the business be deleted, everything of it, in seven days. An owner does it, with a passkey and the name of the business
 * typed out; all owners are told, and each of them can take it back. Throws VALIDATION_ERROR for another name, FORBIDDEN
 * without the passkey, CONFLICT when it was asked for already.
 */
export const askDeletion = defineAction({
  domain: 'deletion',
  name: 'ask',
  summary: 'Ask that the business is deleted for good in seven days; any owner can take it back until then.',
  input: z.strictObject({
    name: z.string().max(200).meta({ description: 'the name of the business, typed out' }),
    /** The answer of one's passkey, to `begin_check` with the purpose `business`. */
    passkey: passkeyAnswer.optional(),
  }),
  output: deletionRow,
  permission: { level: 'requires_authorization' },
  effect: 'delete',
  undo: 'deletion.cancel',
  past: 'asked',
  object: 'for the deletion of the business',
  touches: ['email'],
  example: { name: 'Bright Panes Window Cleaning' },
  human_only: true,
  on_page: '/exports/delete',
  roles: ['owner'],
  keywords: ['close the business', 'remove everything', 'delete account', 'leave'],
  async run(context, { name, passkey }) {
    const { organization, actor } = context;
    if (fold(name) !== fold(organization.name)) {
      throw invalid('name', 'This is not the name of the business.', {
        hint: `Type “${organization.name}” to say that you mean it.`,
      });
    }
    if (actor.kind !== 'user' || actor.id === null)
      throw new DeskhandError('FORBIDDEN', 'Only an owner can ask for this, signed in and with a passkey.');
    const known = await findDeletion(context);
    if (known) throw standing(known.delete_at);
    await confirmWithPasskey(context, deleteBusiness, passkey);
    const id = newId();
    if ((await insertDeletion(context, { id, asked_by: actor.id })) === 0) throw standing(undefined);
    await logEntry(context, { type: 'organization', id: organization.id, verb: 'deletion_asked' });
    await context.enqueue({ kind: noticeKind, payload: { deletion_id: id }, dedupe_key: id });
    const row = await findDeletion(context);
    if (!row) throw new Error('a deletion that was asked for is not there');
    return row;
  },
});

const fold = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

const standing = (delete_at: string | undefined) =>
  new DeskhandError('CONFLICT', 'The deletion of this business was asked for already.', {
    ...(delete_at === undefined ? {} : { delete_at }),
    hint: 'It can be taken back on the page /exports/delete.',
  });
