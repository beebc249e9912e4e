import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { endSessionsOf } from './queries.ts';
import { endsSessions } from './sessions.ts';

/** Signs every other browser of whoever asks out, in every business of theirs; this one too when they say so. */
export const endOtherSessions = defineAction({
  ...endsSessions,
  name: 'end_others',
  summary: 'Sign out all your other browsers.',
  input: z.strictObject({ and_this: z.boolean().optional() }),
  output: z.object({ ended: z.number() }),
  example: { and_this: false },
  run: async (context, { and_this = false }) => ({
    ended: await endSessionsOf(context, { id: null, except: and_this ? undefined : context.session }),
  }),
});
