import { z } from 'zod';

/** What pausing and resuming answer. */
export const paused = z.object({ id: z.string(), name: z.string(), paused: z.boolean() });
