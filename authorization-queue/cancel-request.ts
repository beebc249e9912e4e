import { z } from 'zod';
import { defineAction } from '../core/kernel/registry/define.ts';
import { DeskhandError, notFound } from '../core/kernel/words/errors.ts';
import { cancelRequest, findStanding } from './decision-queries.ts';

/** An agent takes back what it asked for; a person may for it. */
export const cancelOwn = defineAction({
  domain: 'authorization',
  name: 'cancel_request',
  summary: 'Take back a request of your own that still waits for the owner.',
  input: z.strictObject({ request: z.string().min(1).max(60) }),
  output: z.object({ request: z.string(), status: z.literal('canceled') }),
  permission: { level: 'unrestricted' },
  roles: ['owner', 'admin'],
  effect: 'update',
  object: 'own request',
  example: { request: 'R-1' },
  keywords: ['withdraw'],
  async run(context, { request }) {
    const canceled = await cancelRequest(context, request.trim());
    if (canceled !== undefined) return { request: canceled, status: 'canceled' as const };
    const standing = await findStanding(context, request.trim());
    if (!standing) throw notFound('authorization request', request, { field: 'request' });
    throw new DeskhandError('INVALID_STATE', `${standing.reference} is not a waiting request of yours.`, {
      state: standing.status,
    });
  },
});
