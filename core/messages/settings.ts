import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineSetting, settingOf } from '../kernel/registry/settings.ts';

export const agentMails = defineSetting({
  name: 'agent_mails',
  label: 'Mails of assistants',
  summary:
    'Whether a mail that an assistant writes, changes or causes goes out at once, or waits until somebody has looked at it.',
  value: z.enum(['at_once', 'wait_for_me']),
  usual: 'at_once',
  open_to: 'people',
});

/** Whether a mail this call wants to send is a draft for a person first. What people send goes; so does what is due by itself. */
export const isDrafted = (context: Context): boolean =>
  context.actor.kind === 'agent' && settingOf(context, agentMails) === 'wait_for_me';
