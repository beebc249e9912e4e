import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { listSet, secretRow } from './queries.ts';

/** Which secrets are set, since when and by whom, never what they are: for the owner alone. */
export const secretList = defineView({
  type: 'secrets',
  domain: 'secret',
  summary: 'Which secrets of the business are set, since when and by whom; never what they are.',
  keywords: ['signing secret', 'webhook', 'keys of services'],
  row: secretRow,
  params: z.strictObject({}),
  roles: ['owner'],
  human_only: true,
  run: async context => ({ rows: await listSet(context) }),
});
