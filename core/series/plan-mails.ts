import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { remindOf } from '../tickets/cycle.ts';
import { asksEachVisit, withinReach_days } from '../tickets/settings.ts';
import { tellOfMadeVisit } from '../tickets/tell-customer.ts';
import { listToPlanMailsFor } from './queries.ts';

/**
 * Plans the e-mails about visits of series that come within reach: their customers are reminded of each, and asked to confirm each
 * where the business wants that. A few a call; one that was planned is not looked at again.
 */
export const planSeriesMails = defineAction({
  domain: 'series',
  name: 'plan_mails',
  summary: 'Plan the e-mails about the next visits of what comes again; done by a timer.',
  input: z.strictObject({ most: z.int().min(1).max(100).optional() }),
  output: z.object({ planned: z.number(), left: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  why_not_undone: 'a timer does it',
  past: 'planned',
  object: 'mails of series',
  touches: ['email'],
  example: {},
  human_only: true,
  roles: [],
  async run(context, { most = 20 }) {
    const before = context.now.add({ hours: withinReach_days * 24 }).toString();
    const visits = await listToPlanMailsFor(context, before, most);
    const isEachAsked = settingOf(context, asksEachVisit);
    for (const { id, confirmation_status } of visits) {
      // Who has answered already is asked nothing.
      if (isEachAsked && confirmation_status === 'not_sent') await tellOfMadeVisit(context, id);
      else await remindOf(context, id);
    }
    return { planned: visits.length, left: visits.length === most };
  },
});

const said = z.object({ planned: z.number(), left: z.boolean() });

/** After the visits of the day are made, and before the reminders of the day go. */
export const seriesMailTimer = defineTimer({
  name: 'series.plan_mails',
  summary: 'Customers of visits that come again are reminded of the next one.',
  at: { hour: 5, minute: 0 },
  async run(tools, organization_id) {
    let planned = 0;
    for (let left = true; left; ) {
      const done = said.parse(
        (await tools.execute(organization_id, { action: 'series.plan_mails', data: {} })).data,
      );
      planned += done.planned;
      left = done.left;
    }
    return { planned };
  },
});
