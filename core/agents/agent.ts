import { endWithAgent } from '../connections/end-with.ts';
import { moment, text } from '../kernel/records/field.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { listByName, revokeKeysOf } from './queries.ts';

const humanOnly = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: ['owner', 'admin'],
} as const;

/** A model that works for the business under its own name (TEN-30). Only people make, rename or remove agents. */
export const agentRecord = defineRecord({
  name: 'agent',
  plural: 'agents',
  summary: 'The agents that work for this business, and whether they are paused.',
  keywords: ['model', 'assistant', 'office manager'],
  fields: {
    name: text({ required: true, list: true, sort: true, label: true, search: 'names', whose: 'ours' }),
    paused_at: moment({ writable: false, list: true }),
  },
  actions: {
    create: { summary: 'Add an agent.', ...humanOnly },
    update: { summary: 'Rename an agent.', ...humanOnly },
    delete: { summary: 'Remove an agent and revoke its keys.', ...humanOnly },
  },
  async afterDelete(context, id) {
    await revokeKeysOf(context, id);
    await endWithAgent(context, id);
  },
  findByName: listByName,
  document: ({ paused_at }) => ({ detail: paused_at === null ? 'agent' : 'agent, paused' }),
});
