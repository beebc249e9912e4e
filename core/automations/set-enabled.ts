import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { saveSetting } from './queries.ts';

/** Switches an automation off, or on again, for this business (RGY-32). What has begun to wait meanwhile is skipped. */
export const setEnabled = defineAction({
  domain: 'automation',
  name: 'set_enabled',
  summary: 'Switch an automation on or off.',
  input: z.strictObject({
    automation: z.string().max(100).meta({ description: 'a name of the list workflows' }),
    is_enabled: z.boolean(),
  }),
  output: z.object({ automation: z.string(), is_enabled: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  verb: 'switch',
  past: 'switched',
  object: 'an automation on or off',
  says: 'the automation {automation}: on {is_enabled}',
  example: { automation: 'lead.end_call_backs', is_enabled: false },
  roles: ['owner', 'admin'],
  keywords: ['enable', 'disable', 'turn off', 'turn on', 'workflow', 'automatic'],
  async run(context, { automation, is_enabled }) {
    requireKnown(context, automation);
    await saveSetting(context, automation, is_enabled);
    return { automation, is_enabled };
  },
});

function requireKnown({ registry }: ReadContext, name: string): void {
  const known = [...registry.automations.values()].flatMap(each => each.map(automation => automation.name));
  if (known.includes(name)) return;
  throw invalid('automation', `There is no automation ${quoteStart(name, 80)}.`, {
    got: name,
    did_you_mean: didYouMean(name, known),
    valid_options: known,
  });
}
