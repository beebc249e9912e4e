import { defineLog } from '../kernel/records/log-view.ts';
import { ref } from '../kernel/records/references.ts';
import { connectionRow } from './queries.ts';

export const connectionsView = defineLog({
  type: 'connections',
  domain: 'connection',
  summary: 'Programs that people let work as agents: which, what for, since when, and when they came last.',
  keywords: ['connected', 'oauth', 'connector', 'claude', 'chatgpt'],
  from: 'connections',
  row: connectionRow,
  exactly: { agent_id: ref('agent') },
  human_only: true,
  roles: ['owner', 'admin'],
});
