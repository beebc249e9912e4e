import { defineAction } from '../kernel/registry/define.ts';
import { invoiceAnswer } from './invoice.ts';
import { remindedInput, setReminded } from './set-reminded.ts';

/** Takes that back: the customer is reminded as of every other bill. */
export const resumeReminders = defineAction({
  domain: 'invoice',
  name: 'resume_reminders',
  summary: 'Remind the customer of an overdue invoice again, as of every other one.',
  input: remindedInput,
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  undo: 'invoice.stop_reminders',
  verb: 'resume',
  past: 'resumed',
  object: 'the reminders of an invoice',
  example: { invoice_id: 'INV-2026-001' },
  keywords: ['reminder', 'overdue', 'again'],
  async run(context, { invoice_id }) {
    return setReminded(context, invoice_id, true);
  },
});
