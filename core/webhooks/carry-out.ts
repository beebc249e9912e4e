import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import { webhookJob } from '../kernel/outside/webhooks.ts';
import type { JobHandler } from '../kernel/registry/define.ts';

const payload = z.object({
  event: z.string(),
  provider: z.string(),
  action: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** Carries out one event. At least once: the pipeline marks it in the transaction of its effect, and knows a second run. */
export const carryOutEvent: JobHandler = {
  kind: webhookJob,
  summary: 'carries out what a service outside told us of',
  is_internal: true,
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no event.');
    const { event, provider, action, data } = parsed.data;
    const { organization_id } = job;
    const outcome = await tools.executeEvent({ organization_id, provider, event }, { action, data });
    return outcome.replayed ? { skipped: 'it was carried out before' } : outcome.data;
  },
};
