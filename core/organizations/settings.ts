import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { mayChange, type Settings, settingOf } from '../kernel/registry/settings.ts';

const settingRow = z.object({
  domain: z.string(),
  name: z.string(),
  label: z.string(),
  summary: z.string(),
  value: z.json(),
  usual: z.json(),
  /** Whether the business has decided it, and does not go by what is usual. */
  is_decided: z.boolean(),
  /** Whether you may change it, as far as it is declared. */
  is_yours: z.boolean(),
  takes_passkey: z.boolean(),
});

/** Everything the domains let a business decide, with what holds now. */
export const settingsView = (settings: Settings) =>
  defineView({
    type: 'settings',
    domain: 'organization',
    summary: 'What the business decides for itself, by domain: each setting, its value and what is usual.',
    // Whoever asks for "sales tax" finds where it is decided; "phone" alone is mostly a customer's.
    keywords: [
      ...['preferences', 'options', 'configuration', 'defaults'],
      ...[...settings.values()].flatMap(({ label }) => (label.includes(' ') ? [label] : [])),
    ],
    row: settingRow,
    params: z.strictObject({ domain: z.string().max(60).optional() }),
    async run(context, { params }) {
      const { actor, organization } = context;
      const wanted = [...settings.values()].filter(
        ({ domain }) => params.domain === undefined || domain === params.domain,
      );
      return {
        rows: wanted.map(setting => ({
          domain: setting.domain,
          name: setting.name,
          label: setting.label,
          summary: setting.summary,
          value: settingOf(context, setting),
          usual: setting.usual,
          is_decided: setting.value.safeParse(organization.settings[setting.name]).success,
          is_yours: actor.kind === 'agent' ? setting.open_to !== 'people' : mayChange(setting, actor.role),
          takes_passkey: setting.takes_passkey === true,
        })),
      };
    },
  });
