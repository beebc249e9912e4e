import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';
import { readPairs } from './drive-pairs.ts';

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
  summary: 'Minutes that are kept free before and after each visit, wherever the next one is.',
  value: z.int().min(0).max(180),
  usual: 0,
  open_to: 'agents',
});

export const driveMinutesNearby = defineSetting({
  name: 'drive_minutes_nearby',
  label: 'Drive within the region',
  summary:
    'Minutes of the drive between two visits whose postal codes begin with the same three characters; 0 keeps nothing free.',
  value: z.int().min(0).max(240),
  usual: 0,
  open_to: 'agents',
});

export const driveMinutesElsewhere = defineSetting({
  name: 'drive_minutes_elsewhere',
  label: 'Drive to another region',
  summary:
    'Minutes of the drive between two visits whose postal codes begin differently; 0 keeps nothing free.',
  value: z.int().min(0).max(240),
  usual: 0,
  open_to: 'agents',
});

export const driveMinutesBetween = defineSetting({
  name: 'drive_minutes_between',
  label: 'Drives you know',
  summary:
    'Minutes between two postal codes, or between all that begin so, such as “35758-35801: 20, 357-358: 25”.',
  value: z
    .string()
    .max(2000)
    .refine(text => readPairs(text) !== undefined, {
      message: 'Write pairs such as 35758-35801: 20, with commas between them.',
    }),
  usual: '',
  open_to: 'agents',
});
