import { z } from 'zod';
import { type BusinessHours, businessHours } from '../kernel/pipeline/context.ts';
import { defineAction, defineView } from '../kernel/registry/define.ts';
import { invalid, requireChange } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { isTimeZone, weekdays } from '../kernel/words/time.ts';
import { passkeyAnswer } from '../passkeys/record.ts';
import { changeSettings, confirmWithPasskey, takesPasskey } from '../passkeys/verify.ts';
import { getOrganization, organizationRow, updateOrganization } from './queries.ts';

/** Settings with a meaning in the code, their ranges, and what they do when left out. */
const settings = z.strictObject({
  request_expiry_hours: z.int().min(1).max(720).optional(),
  outbound_expiry_hours: z.int().min(1).max(72).optional(),
  slot_minutes: z.int().min(5).max(120).optional(),
  travel_minutes: z.int().min(0).max(180).optional(),
  days_until_due: z.int().min(0).max(365).optional(),
  /** Requests to the language model; 1,000 when left out, 0 switches it off. Rules take its place. */
  llm_requests_per_day: z.int().min(0).max(1_000_000).optional(),
  /** Whether allowing what cannot be taken back takes a passkey (security.md). */
  passkey_for_irreversible: z.boolean().optional(),
});

const changeable = z.strictObject({
  name: line.optional(),
  time_zone: z.string().max(60).optional(),
  business_hours: businessHours.partial().optional(),
  settings: settings.optional(),
});

export const updateSettings = defineAction({
  domain: 'organization',
  name: 'update_settings',
  summary: 'Change the name, time zone, business hours or settings of the business.',
  input: changeable.extend({
    /** The answer to `passkey.begin_check` with the purpose `settings`; for turning passkey_for_irreversible on or off. */
    passkey: passkeyAnswer.optional(),
  }),
  output: organizationRow,
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { business_hours: { sat: [['09:00', '12:00']] } },
  roles: ['owner', 'admin'],
  keywords: ['opening hours', 'time zone', 'preferences'],
  async run(context, { passkey, ...input }) {
    requireChange(input, 'name', Object.keys(changeable.shape));
    if (input.time_zone !== undefined && !isTimeZone(input.time_zone)) {
      throw invalid('time_zone', `${quoteStart(input.time_zone, 80)} is not a time zone.`, {
        got: input.time_zone,
        hint: 'Use a name such as America/Chicago.',
      });
    }
    const before = await getOrganization(context);
    const hours = businessHours.parse({ ...before.business_hours, ...input.business_hours });
    checkHours(hours);
    const after = { ...before.settings, ...input.settings };
    // Who turns it on shows that the passkey works; whoever took over a session cannot turn it off.
    if (takesPasskey(after) !== takesPasskey(before.settings)) {
      await confirmWithPasskey(context, changeSettings, passkey);
    }
    return updateOrganization(context, {
      name: input.name ?? before.name,
      time_zone: input.time_zone ?? before.time_zone,
      business_hours: hours,
      settings: after,
    });
  },
});

export const organizationView = defineView({
  type: 'organization',
  domain: 'organization',
  summary: 'The business itself: name, time zone, business hours, settings.',
  keywords: ['business', 'opening hours', 'settings', 'time zone'],
  row: organizationRow,
  params: z.strictObject({}),
  roles: ['owner', 'admin', 'member', 'technician'],
  run: async context => ({ rows: [await getOrganization(context)] }),
});

function checkHours(hours: BusinessHours): void {
  for (const weekday of weekdays) {
    const day = weekday.toLowerCase();
    let last = '';
    for (const [from, to] of hours[readWeekday(day)]) {
      const sound = /^([01]\d|2[0-3]):[0-5]\d$/.test(from) && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(to);
      if (sound && from < to && from >= last) {
        last = to;
        continue;
      }
      throw invalid(
        `business_hours.${day}`,
        `${quoteStart(from, 20)} to ${quoteStart(to, 20)} is not an opening time.`,
        {
          got: [from, to],
          hint: 'Give pairs in order, such as [["08:00","12:00"],["13:00","17:00"]]; [] means closed.',
        },
      );
    }
  }
}

const readWeekday = (day: string) => businessHours.keyof().parse(day);
