import { z } from 'zod';
import { defineAction } from '../core/kernel/registry/define.ts';
import { defineTimer } from '../core/kernel/registry/timer.ts';
import { expireOld } from './queries.ts';

/**
 * Marks requests whose time is over as expired. They could not be allowed any more since that moment, and read as expired;
 * from here on the history says so too.
 */
export const expireRequests = defineAction({
  domain: 'authorization',
  name: 'expire_requests',
  summary: 'Mark requests nobody decided in time as expired; done by a timer.',
  input: z.strictObject({ most: z.int().min(1).max(500).optional() }),
  output: z.object({ expired: z.number() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: {},
  human_only: true,
  roles: [],
  run: async (context, { most }) => ({ expired: await expireOld(context, most) }),
});

/** Before anybody is at work, so that the morning begins with what still waits. */
export const expireTimer = defineTimer({
  name: 'authorization.expire_requests',
  summary: 'Requests nobody decided in time expire.',
  at: { hour: 5, minute: 30 },
  run: async (tools, organization_id) =>
    (await tools.execute(organization_id, { action: 'authorization.expire_requests', data: {} })).data,
});
