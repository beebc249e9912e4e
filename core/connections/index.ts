import { defineDomain } from '../kernel/registry/define.ts';
import { allowConnection } from './allow.ts';
import { endConnectionAction, loseConnection } from './end.ts';
import { connectionsView } from './list.ts';
import { membersMayConnect } from './settings.ts';

export const connections = defineDomain({
  name: 'connection',
  widens: 'who works as an agent',
  summary: 'Programs that people let work as agents.',
  actions: [allowConnection, endConnectionAction, loseConnection],
  views: [connectionsView],
  settings: [membersMayConnect],
});
