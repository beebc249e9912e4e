import { defineDomain } from '../kernel/registry/domain.ts';
import { secretList } from './list.ts';
import { removeSecret } from './remove.ts';
import { setSecret } from './set.ts';

export const secrets = defineDomain({
  name: 'secret',
  widens: 'secrets of the business',
  summary: 'What the business shares with services outside: sealed, and shown to nobody.',
  actions: [setSecret, removeSecret],
  views: [secretList],
});
