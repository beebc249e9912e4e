import { z } from 'zod';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { findChangedDays, forgetDays, sumDays } from './summed-queries.ts';

/** Sums up a month of days that have changed since they were summed up last. Figures are the same before and after, only sooner there. */
export const sumChangedDays = defineAction({
  domain: 'analytics',
  name: 'sum_days',
  summary: 'Sum up the days whose visits have changed; done by a timer.',
  input: z.strictObject({}),
  output: z.object({ days: z.number() }),
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: [],
  effect: 'update',
  past: 'summed up',
  object: 'days of work',
  example: {},
  async run(context) {
    await lockInBusiness(context, 'summed days');
    const changed = await findChangedDays(context);
    if (!changed) return { days: 0 };
    await forgetDays(context, changed);
    return { days: await sumDays(context, changed) };
  },
});

export const sumDaysTimer = defineTimer({
  name: 'analytics.sum_days',
  summary: 'Days whose visits have changed are summed up, so that figures come quickly.',
  at: { hour: 3, minute: 20 },
  async run(tools, organization_id) {
    let days = 0;
    for (;;) {
      const { data } = await tools.execute(organization_id, { action: 'analytics.sum_days', data: {} });
      if (!data?.days) return { days };
      days += Number(data.days);
    }
  },
});
