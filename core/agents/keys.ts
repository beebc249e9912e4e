import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { keyRow, listKeys } from './queries.ts';

export const agentKeys = defineView({
  type: 'agent_keys',
  domain: 'agent',
  summary: 'The keys of agents by their visible beginnings; never the keys themselves.',
  keywords: ['token', 'access', 'api key'],
  row: keyRow,
  params: z.strictObject({ agent_id: ref('agent').optional() }),
  roles: ['owner', 'admin'],
  run: async (context, { params, limit }) => ({
    rows: (await listKeys(context, params.agent_id)).slice(0, limit),
  }),
});
