import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { defineLog } from '../kernel/records/log-view.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { deletePasskey } from './queries.ts';
import { forThemselves, passkeyAnswer, passkeyRow } from './record.ts';
import { changePasskeys, confirmWithPasskey } from './verify.ts';

/**
 * Removes a passkey; confirmed with one, so that a stolen session cannot clear the way for its own. The command line need
 * not: it is how somebody goes on who has lost every device.
 */
export const removePasskey = defineAction({
  domain: 'passkey',
  name: 'remove',
  summary: 'Remove a passkey of your own.',
  input: z.strictObject({
    id: z.uuid(),
    /** The answer of one of yours, to `begin_check` with the purpose `passkeys`. */
    passkey: passkeyAnswer.optional(),
  }),
  output: z.object({ id: z.string(), name: z.string() }),
  ...forThemselves,
  effect: 'delete',
  undo: 'none',
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  keywords: ['webauthn', 'second factor', 'lost'],
  async run(context, { id, passkey }) {
    if (context.session !== undefined) await confirmWithPasskey(context, changePasskeys, passkey);
    const removed = await deletePasskey(context, id);
    if (!removed)
      throw notFound('passkey of yours', id, { field: 'id', hint: 'Read passkeys for their ids.' });
    return removed;
  },
});

export const passkeysView = defineLog({
  type: 'passkeys',
  domain: 'passkey',
  summary: 'Your own passkeys: names and when they were used last; never the keys.',
  keywords: ['webauthn', 'second factor'],
  from: 'passkeys',
  row: passkeyRow,
  only: ({ actor }) => [sql`member_id = ${actor.id}::uuid`],
  roles: ['owner', 'admin', 'member', 'technician'],
});
