import { defineDomain } from '../kernel/registry/domain.ts';
import { agentRecord } from './agent.ts';
import { createKey } from './create-key.ts';
import { agentKeys } from './keys.ts';
import { revokeKeyAction } from './revoke-key.ts';

export const agents = defineDomain({
  name: 'agent',
  widens: 'agents and their keys',
  summary: 'The models that work here, and their keys.',
  whose: 'ours',
  examples: { agent: { name: 'Office Manager' } },
  records: [agentRecord],
  actions: [createKey, revokeKeyAction],
  views: [agentKeys],
  constraints: {
    agents_organization_id_name_key: {
      code: 'CONFLICT',
      field: 'name',
      message: 'There is an agent with this name already.',
      hint: 'Use that agent, restore it, or choose another name.',
    },
  },
});
