import { z } from 'zod';
import { PermanentFailure } from '../outside/delivery-failure.ts';
import type { JobHandler } from './define.ts';
import type { Happenings } from './happenings.ts';

/** The kind of the jobs of a timer; each is one of its days. */
export const timerKind = (name: string): string => `timer:${name}`;

const payload = z.object({ date: z.iso.date() });

/** What the worker does when it is time: one kind of job for each timer. */
export const timerJobs = ({ timers, automations }: Happenings): JobHandler[] =>
  [...timers.values()].map(timer => ({
    kind: timerKind(timer.name),
    summary: timer.summary,
    is_internal: true,
    async run(job, tools) {
      const parsed = payload.safeParse(job.payload);
      if (!parsed.success) throw new PermanentFailure('This job names no day.');
      const did = (await timer.run?.(tools, job.organization_id)) ?? {};
      if (!automations.has(timer.name)) return did;
      const data = { timer: timer.name, date: parsed.data.date };
      const started = await tools.execute(job.organization_id, { action: 'automation.start_on_timer', data });
      return { ...did, automations: started.data.started };
    },
  }));
