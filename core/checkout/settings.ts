import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

export const receiptsOnline = defineSetting({
  name: 'receipts_online',
  label: 'Receipts for payments online',
  summary: 'Whether customers who pay by card or bank on our page get a receipt by mail once all is paid.',
  value: z.boolean(),
  usual: true,
  open_to: 'agents',
});
