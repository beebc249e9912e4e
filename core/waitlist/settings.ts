import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

export const offerHours = defineSetting({
  name: 'waitlist_offer_hours',
  label: 'Hours an offered time is held open',
  summary: 'Hours in which customers on the waitlist can take an earlier time that was offered to them.',
  value: z.int().min(1).max(168),
  usual: 24,
  open_to: 'agents',
});

export const offerNoticeHours = defineSetting({
  name: 'waitlist_notice_hours',
  label: 'Hours before an earlier time',
  summary: 'Hours before it begins up to which an earlier time is offered, and can be taken.',
  value: z.int().min(0).max(72),
  usual: 2,
  open_to: 'agents',
});
