import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { defineAction, defineView } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { deviceWords } from './device.ts';
import { endSessionsOf, listSessions } from './queries.ts';

const sessionRow = z.object({
  id: z.string(),
  member_id: z.string(),
  member: z.string(),
  /** The business that is open in it; null before one was chosen. */
  business: z.string().nullable(),
  /** `Chrome on Android`. */
  device: z.string(),
  /** Whether it is the one that asks. */
  is_this: z.boolean(),
  is_own: z.boolean(),
  /** When they signed in. */
  created_at: z.string(),
  /** Within the hour. */
  last_used_at: z.string(),
  expires_at: z.string(),
});

/** Where somebody is signed in (TEN-12): their own browsers, for the owner also those of the people of the business. */
export const sessionsView = defineView({
  type: 'sessions',
  domain: 'session',
  summary: 'Where you are signed in, since when and with which device; for the owner, where everybody is.',
  keywords: ['signed in', 'browsers', 'devices', 'phones', 'lost phone', 'log out'],
  row: sessionRow,
  params: z.strictObject({}),
  roles,
  run: async (context, { limit }) => ({
    rows: (await listSessions(context, limit)).map(({ user_agent, ...row }) => ({
      ...row,
      device: deviceWords(user_agent),
    })),
  }),
});

const forPeople = {
  domain: 'session',
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles,
  effect: 'delete',
  undo: 'none',
  past: 'ended',
  keywords: ['sign out', 'log out', 'lost phone', 'stolen'],
} as const;

/** Signs a browser out: one's own, or as the owner somebody else's of the business. What they have open elsewhere stays. */
export const endSession = defineAction({
  ...forPeople,
  name: 'end',
  summary: 'Sign out one browser: your own, or as the owner that of somebody in the business.',
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ ended: z.number() }),
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  async run(context, { id }) {
    const ended = await endSessionsOf(context, id);
    if (ended === 0) throw notFound('session', id, { field: 'id', hint: 'Read sessions for their ids.' });
    return { ended };
  },
});

/** Signs out every other browser of whoever asks, in every business of theirs. */
export const endOtherSessions = defineAction({
  ...forPeople,
  name: 'end_others',
  summary: 'Sign out all your other browsers.',
  input: z.strictObject({}),
  output: z.object({ ended: z.number() }),
  example: {},
  run: async context => ({ ended: await endSessionsOf(context, null) }),
});
