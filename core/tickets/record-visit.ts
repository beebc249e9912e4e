import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { moment } from '../kernel/words/time.ts';
import { bookTicket } from './create.ts';
import { newLine } from './pricing.ts';
import { answerTicket, ticketAnswer } from './ticket.ts';

/**
 * Writes down a visit that was and that nobody had booked: an extra job, an emergency, a walk-in. Nobody is told, and no
 * time is kept free for it; only whoever is said to have gone cannot have been on another visit then. It is closed as
 * every other.
 */
export const recordTicket = defineAction({
  domain: 'ticket',
  name: 'record_visit',
  summary:
    'Write down a visit that was, without a booking: when, who went, what was done. Then ticket.close it.',
  input: z.strictObject({
    contact_id: ref('contact'),
    address_id: ref('address').optional(),
    scheduled_at: moment.meta({ description: 'when it began: local time, in the past' }),
    duration_minutes: z.int().min(5).max(1440).optional(),
    lines: z.array(newLine).max(50).optional(),
    technician_ids: z.array(ref('member')).max(20).optional(),
    notes: freeText.optional(),
  }),
  output: ticketAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'ticket.cancel',
  past: 'recorded',
  example: {
    contact_id: 'Jane Smith',
    address_id: 'A-1001',
    scheduled_at: '2026-11-17T15:00',
    duration_minutes: 45,
    lines: [{ service_id: 'Screen Cleaning', quantity: 4 }],
    technician_ids: ['Theo'],
  },
  keywords: ['done already', 'extra job', 'emergency', 'walk-in', 'was there', 'without booking'],
  async run(context, input) {
    const { id } = await bookTicket(context, { ...input, was: true });
    return answerTicket(context, id);
  },
});
