import { defineDomain } from '../kernel/registry/domain.ts';
import { agentFigures } from './agent.ts';
import { aggregate } from './aggregate.ts';
import { customerFigures } from './customers.ts';
import { neighborhoods } from './neighborhoods.ts';
import { moneyOpen, moneyReceived } from './received.ts';
import { serviceTypes } from './service-types.ts';
import { sumChangedDays, sumDaysTimer } from './sum-days.ts';
import { technicianFigures } from './technicians.ts';
import { trends } from './trends.ts';
import { yearOverYear } from './yoy.ts';

export const analytics = defineDomain({
  name: 'analytics',
  label: 'figures',
  area: 'money',
  summary:
    'What the numbers say: work, bills and money by time, service, place and person. Nothing is changed here.',
  whose: 'ours',
  views: [
    yearOverYear,
    trends,
    serviceTypes,
    neighborhoods,
    technicianFigures,
    customerFigures,
    moneyReceived,
    moneyOpen,
    agentFigures,
    aggregate,
  ],
  actions: [sumChangedDays],
  timers: [sumDaysTimer],
});
