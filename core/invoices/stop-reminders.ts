import { defineAction } from '../kernel/registry/define.ts';
import { invoiceAnswer } from './invoice.ts';
import { remindedInput, setReminded } from './set-reminded.ts';

/** Nobody is reminded of this bill any more; what was planned does not go out. */
export const stopReminders = defineAction({
  domain: 'invoice',
  name: 'stop_reminders',
  summary: 'Remind nobody of an overdue invoice any more; what was planned is left out.',
  input: remindedInput,
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  undo: 'invoice.resume_reminders',
  verb: 'stop',
  past: 'stopped',
  object: 'the reminders of an invoice',
  example: { invoice_id: 'INV-2026-001' },
  keywords: ['reminder', 'overdue', 'dunning', 'leave alone', 'no more mails', 'pause'],
  async run(context, { invoice_id }) {
    return setReminded(context, invoice_id, false);
  },
});
