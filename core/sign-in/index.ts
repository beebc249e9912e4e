import { defineDomain } from '../kernel/registry/domain.ts';
import { endSession } from './end.ts';
import { endOtherSessions } from './end-others.ts';
import { sessionsView } from './sessions.ts';

export const sessions = defineDomain({
  name: 'session',
  summary: 'Where people are signed in.',
  whose: 'ours',
  widens: 'who is signed in',
  actions: [endSession, endOtherSessions],
  views: [sessionsView],
});
