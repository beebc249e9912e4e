import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

/** NOT-07. Used up, rules take the place of the model. */
export const requestsPerDay = defineSetting({
  name: 'llm_requests_per_day',
  label: 'Language model, requests a day',
  summary: 'Requests to the language model in a day; 0 switches it off.',
  value: z.int().min(0).max(1_000_000),
  usual: 1_000,
  open_to: 'people',
});
