import { z } from 'zod';
import { announce } from '../kernel/pipeline/emit.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day } from '../kernel/words/time.ts';

/** Starts the automations that wait for a timer, once for each of its days, however often it is called. */
export const startOnTimer = defineAction({
  domain: 'automation',
  name: 'start_on_timer',
  summary: 'Start what waits for a timer; done by the worker itself.',
  input: z.strictObject({ timer: z.string().max(100), date: day }),
  output: z.object({ started: z.number() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { timer: 'authorization.expire_requests', date: '2026-11-18' },
  human_only: true,
  roles: [],
  async run(context, { timer, date }) {
    const known = [...context.registry.timers.keys()];
    if (!known.includes(timer)) {
      throw invalid('timer', 'There is no such timer.', { valid_options: known });
    }
    return { started: await announce(context, { name: timer, payload: {}, occurrence: date }) };
  },
});
