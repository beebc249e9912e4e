import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { digestOfTicket } from '../tickets/visit-facts.ts';
import { lineChange, settleLines, sumOf, workedMinutes } from '../tickets/work.ts';
import { answerCloseout } from './answer.ts';
import { closeoutStep, digestOf, openSession, saveSession } from './session.ts';

/** Confirms how long it took, what was done and for how much (CLO-04). An estimate cannot be passed over (TKT-09). */
export const confirmWork = defineAction({
  ...closeoutStep,
  name: 'confirm_work',
  object: 'the work of the visit',
  example: {
    ticket_id: 'T-2001',
    duration_minutes: 95,
    lines: [{ service_id: 'Screen Cleaning', quantity: 4 }],
  },
  summary: 'Confirm duration, services and final prices of a visit you close out.',
  keywords: ['duration', 'prices', 'services', 'final price'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    duration_minutes: workedMinutes,
    lines: z.array(lineChange).max(100).optional(),
    price_confirmed: z.boolean().optional(),
    seen: digestOf('work.seen of what was shown'),
  }),
  async run(context, { ticket_id, duration_minutes, lines = [], price_confirmed, seen }) {
    const { ticket, session } = await openSession(context, ticket_id);
    const lines_digest = await digestOfTicket(context, ticket);
    if (seen !== undefined && seen !== lines_digest) {
      throw new DeskhandError(
        'CONFLICT',
        `The services of ${ticket.reference} were changed while you looked at them.`,
        {
          field: 'seen',
          hint: 'Look at the services again and confirm them as they are now.',
        },
      );
    }
    const settled = await settleLines(context, ticket, lines, price_confirmed);
    const saved = await saveSession(context, session.id, {
      duration_minutes,
      lines: settled,
      total_cents: sumOf(settled),
      lines_digest,
      work_confirmed_at: context.now.toString(),
    });
    return answerCloseout(context, ticket.id, saved);
  },
});
