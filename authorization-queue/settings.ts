import { z } from 'zod';
import { defineSetting } from '../core/kernel/registry/settings.ts';

export const requestExpiryHours = defineSetting({
  name: 'request_expiry_hours',
  label: 'Hours a request waits',
  summary: 'Hours after which what an assistant asked for and nobody decided has expired.',
  value: z.int().min(1).max(720),
  usual: 72,
  open_to: 'people',
});

/** What goes out or moves money is worth little an hour later and dangerous a day later (decision 15). */
export const outboundExpiryHours = defineSetting({
  name: 'outbound_expiry_hours',
  label: 'Hours a request waits that sends or pays',
  summary: 'The same for what goes out to customers or moves money.',
  value: z.int().min(1).max(72),
  usual: 1,
  open_to: 'people',
});
