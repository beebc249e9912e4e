import { defineDomain } from '../kernel/registry/domain.ts';
import { allowConnection } from './allow.ts';
import { endConnectionAction } from './end.ts';
import { connectionsView } from './list.ts';
import { loseConnection } from './lose.ts';
import { refuseConnection } from './refuse.ts';
import { membersMayConnect } from './settings.ts';
import { tellOfTheft } from './tell.ts';

export const connections = defineDomain({
  name: 'connection',
  widens: 'who works as an agent',
  summary: 'Programs that people let work as agents.',
  actions: [allowConnection, refuseConnection, endConnectionAction, loseConnection],
  views: [connectionsView],
  settings: [membersMayConnect],
  jobs: [tellOfTheft],
});
