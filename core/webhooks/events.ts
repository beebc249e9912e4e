import { z } from 'zod';
import { defineLog } from '../kernel/records/log-view.ts';

/** What services outside told us of, and whether it has been carried out. */
export const eventList = defineLog({
  type: 'webhook_events',
  domain: 'webhook',
  summary: 'Events that services outside told us of, newest first, and what became of them.',
  keywords: ['webhook', 'resend', 'stripe', 'incoming', 'delivery events'],
  from: 'webhook_events',
  row: z.object({
    id: z.string(),
    provider: z.string(),
    event_id: z.string(),
    type: z.string(),
    object_id: z.string(),
    received_at: z.string(),
    processed_at: z.string().nullable(),
    error: z.string().nullable(),
    /** What it came to; null while it waits. */
    outcome: z.enum(['done', 'skipped', 'refused']).nullable(),
    /** What was done, or why nothing was. */
    said: z.string().nullable(),
    /** What it was about here. */
    about_type: z.string().nullable(),
    about_id: z.string().nullable(),
  }),
  exactly: {
    provider: z.string().max(60),
    outcome: z.enum(['done', 'skipped', 'refused']),
  },
  roles: ['owner', 'admin'],
});
