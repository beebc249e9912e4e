import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

/** An agent sees and does what the whole office does, so connecting one is the owner's; some let the office do it. */
export const membersMayConnect = defineSetting({
  name: 'members_may_connect_agents',
  label: 'Connecting assistants',
  summary:
    'Whether members of the office may connect programs as assistants too, and not the owner and admins alone.',
  value: z.boolean(),
  usual: false,
  roles: ['owner'],
  open_to: 'people',
});
