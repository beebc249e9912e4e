import { z } from 'zod';
import { businessHours } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import {
  mergeSettings,
  requireMayChange,
  type Settings,
  settingOf,
  settingsInput,
} from '../kernel/registry/settings.ts';
import { invalid, requireChange } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { isTimeZone } from '../kernel/words/time.ts';
import { passkeyAnswer } from '../passkeys/record.ts';
import { changeSettings, confirmWithPasskey } from '../passkeys/verify.ts';
import { checkHours } from './check-hours.ts';
import { lockOrganization, organizationRow, updateOrganization } from './queries.ts';

/**
 * Changes the business itself and what the domains let it decide: one input of all `settings` they declare. What is not
 * given stays; null takes a setting back to what is usual. Throws VALIDATION_ERROR for an unknown setting or a value it
 * cannot have, FORBIDDEN for one that is not the caller's to change or that wants a passkey.
 */
export function updateSettings(settings: Settings) {
  const changeable = z.strictObject({
    name: line.optional(),
    time_zone: z.string().max(60).optional(),
    business_hours: businessHours
      .partial()
      .optional()
      .meta({ description: 'other days stay', examples: [{ fri: [['08:00', '16:00']] }] }),
    settings: settingsInput(settings).optional(),
  });
  return defineAction({
    domain: 'organization',
    name: 'update_settings',
    summary: 'Change the name, time zone, business hours or settings of the business.',
    input: changeable.extend({
      /** The answer to `passkey.begin_check` with the purpose `settings`; for a setting that takes a passkey. */
      passkey: passkeyAnswer.optional(),
    }),
    output: organizationRow,
    permission: { level: 'requires_authorization' },
    effect: 'update',
    object: 'settings of the business',
    often: { rank: 3, members: ['business_hours', 'name'] },
    example: { business_hours: { sat: [['09:00', '12:00']] } },
    roles: ['owner', 'admin'],
    keywords: ['opening hours', 'time zone', 'preferences'],
    async run(context, { passkey, ...input }) {
      requireChange(input, 'name', Object.keys(changeable.shape));
      requireTimeZone(input.time_zone);
      const given = input.settings ?? {};
      const before = await lockOrganization(context);
      const hours = businessHours.parse({ ...before.business_hours, ...input.business_hours });
      checkHours(hours, 'business_hours');
      const after = { ...before, settings: mergeSettings(before.settings, given) };
      let takesPasskey = false;
      for (const setting of settings.values()) {
        if (given[setting.name] === undefined) continue;
        requireMayChange(context.actor, setting);
        const [old, now] = [before, after].map(organization => settingOf({ organization }, setting));
        if (setting.takes_passkey && JSON.stringify(old) !== JSON.stringify(now)) takesPasskey = true;
      }
      // Who turns it on shows that the passkey works; whoever took over a session cannot turn it off.
      if (takesPasskey) await confirmWithPasskey(context, changeSettings, passkey);
      return updateOrganization(context, {
        name: input.name ?? before.name,
        time_zone: input.time_zone ?? before.time_zone,
        business_hours: hours,
        settings: after.settings,
      });
    },
  });
}

function requireTimeZone(name: string | undefined): void {
  if (name === undefined || isTimeZone(name)) return;
  throw invalid('time_zone', `${quoteStart(name, 80)} is not a time zone.`, {
    got: name,
    hint: 'Use a name such as America/Chicago.',
  });
}
