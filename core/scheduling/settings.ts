import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

export const slotMinutes = defineSetting({
  name: 'slot_minutes',
  label: 'Minutes between starts',
  summary: 'Minutes from one time that is offered for a visit to the next.',
  value: z.int().min(5).max(120),
  usual: 30,
  open_to: 'agents',
});

export const travelMinutes = defineSetting({
  name: 'travel_minutes',
  label: 'Minutes on the road',
  summary: 'Minutes that are kept free before and after each visit.',
  value: z.int().min(0).max(180),
  usual: 0,
  open_to: 'agents',
});
