import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';
import { taxRate } from '../lines/totals.ts';

/** INV-18. */
export const daysUntilDue = defineSetting({
  name: 'days_until_due',
  label: 'Days to pay an invoice',
  summary: 'Days from the day of an invoice until it is due.',
  value: z.int().min(0).max(365),
  usual: 30,
  open_to: 'agents',
});

export const defaultTaxRate = defineSetting({
  name: 'default_tax_rate',
  label: 'Sales tax in percent',
  summary: 'Percent of tax on a line of a bill that says no other rate; prices are before tax.',
  value: taxRate,
  usual: 0,
  open_to: 'agents',
});
