import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { retried } from '../kernel/pipeline/effects.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { reviveJob } from './queries.ts';

export const retryJob = defineAction({
  domain: 'message',
  name: 'retry',
  object: 'a message that did not go out',
  summary: 'Try a dead delivery again.',
  keywords: ['resend', 'send again', 'failed', 'mail', 'e-mail'],
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({ id: z.string(), state: z.literal('waiting') }),
  permission: { level: 'soft_limit' },
  effect: 'send',
  undo: 'none',
  example: { id: '018f0000-0000-7000-8000-000000000000' },
  touches: ['email'],
  async run(context, { id }) {
    if (!(await reviveJob(context, id))) throw notFound('dead delivery', id, { field: 'id' });
    // The delivery is of an earlier call: that it goes out again stands in the history, where it is counted (MAQ-15).
    await logEntry(context, { type: 'job', id, verb: retried });
    return { id, state: 'waiting' as const };
  },
});
