import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

/** INV-18. */
export const daysUntilDue = defineSetting({
  name: 'days_until_due',
  label: 'Days to pay an invoice',
  summary: 'Days from the day of an invoice until it is due.',
  value: z.int().min(0).max(365),
  usual: 30,
  open_to: 'agents',
});
