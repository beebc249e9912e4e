import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { defineView } from '../kernel/registry/define.ts';
import { deviceWords } from './device.ts';
import { listSessions } from './queries.ts';

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

/** Everybody ends their own; no agent has any (MAQ-22). */
export const endsSessions = {
  domain: 'session',
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles,
  effect: 'delete',
  undo: 'none',
  past: 'ended',
  keywords: ['sign out', 'log out', 'lost phone', 'stolen'],
} as const;
