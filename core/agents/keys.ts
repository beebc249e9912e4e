import { defineLog } from '../kernel/records/log-view.ts';
import { ref } from '../kernel/records/references.ts';
import { keyRow } from './queries.ts';

export const agentKeys = defineLog({
  type: 'agent_keys',
  domain: 'agent',
  summary: 'The keys of agents by their visible beginnings; never the keys themselves.',
  keywords: ['token', 'access', 'api key'],
  from: 'agent_keys',
  row: keyRow,
  exactly: { agent_id: ref('agent') },
  roles: ['owner', 'admin'],
});
