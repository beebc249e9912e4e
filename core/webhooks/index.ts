import { defineDomain } from '../kernel/registry/domain.ts';
import { carryOutEvent } from './carry-out.ts';
import { eventList } from './events.ts';

export const webhooks = defineDomain({
  name: 'webhook',
  summary: 'What services outside tell us of.',
  views: [eventList],
  jobs: [carryOutEvent],
});
