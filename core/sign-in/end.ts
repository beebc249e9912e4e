import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { endSessionsOf } from './queries.ts';
import { endsSessions } from './sessions.ts';

/** Signs a browser out: one's own, or as the owner somebody else's of the business. What they have open elsewhere stays. */
export const endSession = defineAction({
  ...endsSessions,
  name: 'end',
  summary: 'Sign out one browser: your own, or as the owner that of somebody in the business.',
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ ended: z.number() }),
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  async run(context, { id }) {
    const ended = await endSessionsOf(context, { id, except: context.session });
    if (ended === 0) throw notFound('session', id, { field: 'id', hint: 'Read sessions for their ids.' });
    return { ended };
  },
});
