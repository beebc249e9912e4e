import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { scheduleWords } from '../kernel/registry/timer.ts';
import { listTimers } from './queries.ts';
import { pageByName } from './views.ts';

/** What is done at a time of the business, when it comes next, and how the last time went (WFL-16). */
export const timersView = defineView({
  type: 'timers',
  domain: 'automation',
  summary: 'What is done by the clock of the business: when it comes next, when it ran, and what went wrong.',
  keywords: ['timer', 'schedule', 'cron', 'every day', 'nightly', 'at night'],
  row: z.object({
    id: z.string(),
    name: z.string(),
    summary: z.string(),
    schedule: z.string(),
    next_run_at: z.string().nullable(),
    last_run_on: z.string().nullable(),
    last_run_at: z.string().nullable(),
    last_error: z.string().nullable(),
  }),
  params: z.strictObject({}),
  async run(context, { limit, cursor }) {
    const kept = await listTimers(context);
    const rows = [...context.registry.timers.values()].map(({ name, summary, at }) => {
      const timer = kept.find(each => each.name === name);
      return {
        id: name,
        name,
        summary,
        schedule: scheduleWords(at),
        next_run_at: timer?.next_run_at ?? null,
        last_run_on: timer?.last_run_on ?? null,
        last_run_at: timer?.last_run_at ?? null,
        last_error: timer?.last_error ?? null,
      };
    });
    return pageByName(rows, limit, cursor);
  },
});
