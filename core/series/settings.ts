import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

export const seriesHorizonWeeks = defineSetting({
  name: 'series_horizon_weeks',
  label: 'Weeks that visits are made ahead',
  summary: 'Weeks ahead for which the visits of a series stand in the calendar.',
  value: z.int().min(1).max(52),
  usual: 12,
  open_to: 'agents',
});
