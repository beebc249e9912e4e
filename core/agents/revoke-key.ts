import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { asCode } from '../kernel/words/text-schemas.ts';
import { keyRow, revokeKey } from './queries.ts';

/** Ends a key; the next call with it is refused in every process. */
export const revokeKeyAction = defineAction({
  domain: 'agent',
  name: 'revoke_key',
  summary: 'Revoke a key by its id or visible beginning.',
  keywords: ['token', 'access', 'block', 'disable', 'stolen'],
  input: z.strictObject({ key: z.string().min(4).max(60).meta(asCode) }),
  output: keyRow,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { key: 'dh_Xk3v9Qa' },
  human_only: true,
  roles: ['owner', 'admin'],
  async run(context, { key }) {
    const row = await revokeKey(context, key);
    if (!row) throw notFound('living key', key, { field: 'key' });
    return row;
  },
});
