import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { listSet, secretRow } from './queries.ts';

/** Which secrets are set and since when, never what they are. */
export const secretList = defineView({
  type: 'secrets',
  domain: 'secret',
  summary: 'Which secrets of the business are set, and since when; never what they are.',
  keywords: ['signing secret', 'webhook', 'keys of services'],
  row: secretRow,
  params: z.strictObject({}),
  roles: ['owner', 'admin'],
  run: async context => ({ rows: await listSet(context) }),
});
