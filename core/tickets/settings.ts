import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';

// What a business decides about the e-mails around a visit (OPQ-19).

export const followUpHours = defineSetting({
  name: 'confirmation_follow_up_hours',
  label: 'Hours until we ask again',
  summary: 'Hours after a confirmation at which a customer who has not answered is asked again.',
  value: z.int().min(12).max(336),
  usual: 48,
  open_to: 'agents',
});

export const lastCallHours = defineSetting({
  name: 'confirmation_last_call_hours',
  label: 'Hours before a visit for the last question',
  summary: 'Hours before a visit at which a customer who has not answered is asked for the last time.',
  value: z.int().min(12).max(336),
  usual: 24,
  open_to: 'agents',
});

export const mostFollowUps = defineSetting({
  name: 'confirmation_follow_ups',
  label: 'How often we ask again',
  summary: 'How often a customer who has not answered a confirmation is asked again.',
  value: z.int().min(0).max(2),
  usual: 2,
  open_to: 'agents',
});

export const sendsReminders = defineSetting({
  name: 'visit_reminders',
  label: 'Reminder the day before',
  summary: 'Whether customers are reminded at nine in the morning of the day before their visit.',
  value: z.boolean(),
  usual: true,
  open_to: 'agents',
});

export const asksEachVisit = defineSetting({
  name: 'confirm_each_visit_of_a_series',
  label: 'Confirm each visit that comes again',
  summary:
    'Whether customers are asked to confirm each visit that comes again, rather than the first one only.',
  value: z.boolean(),
  usual: false,
  open_to: 'agents',
});

/** How many days before a visit that comes again its customer is asked to confirm it, and its reminder is planned. */
export const withinReach_days = 8;
