import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { scheduleWords } from '../kernel/registry/timer.ts';
import { listTimers, timerFacts } from './queries.ts';
import { pageByName } from './views.ts';

/** Of a timer that no worker has planned yet nothing is known. */
const notYet = { next_run_at: null, last_run_on: null, last_run_at: null, last_error: null };

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
    ...timerFacts.shape,
  }),
  params: z.strictObject({}),
  async run(context, { limit, cursor }) {
    const kept = await listTimers(context);
    const rows = [...context.registry.timers.values()].map(({ name, summary, at }) => {
      const known = timerFacts.parse(kept.find(each => each.name === name) ?? notYet);
      return { id: name, name, summary, schedule: scheduleWords(at), ...known };
    });
    return pageByName(rows, limit, cursor);
  },
});
