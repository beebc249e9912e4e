import { z } from 'zod';
import { defineAction } from '../core/kernel/registry/define.ts';
import { notFound } from '../core/kernel/words/errors.ts';
import { revokeOverride } from './grant-queries.ts';
import { forDeciders } from './grants.ts';

/** Takes a grant or a set level back; the next call in every process meets the level from before. */
export const revokeGrant = defineAction({
  domain: 'authorization',
  name: 'revoke_grant',
  summary: 'Take back a grant or a level that was set.',
  keywords: ['permission', 'disallow', 'undo', 'allow always'],
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ id: z.string(), revoked: z.literal(true) }),
  ...forDeciders,
  effect: 'update',
  object: 'standing permission',
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  async run(context, { id }) {
    if (!(await revokeOverride(context, id))) throw notFound('living grant', id, { field: 'id' });
    return { id, revoked: true as const };
  },
});
