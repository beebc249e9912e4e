import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { reserveTechnicians } from '../tickets/assignment.ts';
import { type NextService, nextInput, requireWhole } from '../tickets/next-service.ts';
import { listCrew } from '../tickets/technicians.ts';
import { readFutureTime } from '../tickets/visit-time.ts';
import { answerCloseout } from './answer.ts';
import type { Session } from './record.ts';
import { closeoutStep, saveSession, sessionAt } from './session.ts';

/** Says what follows (CLO-06). Booked, or put down for a mail, when the visit is closed, and not before. */
export const setNextService = defineAction({
  ...closeoutStep,
  name: 'set_next_service',
  verb: 'say',
  past: 'said',
  object: 'what follows the visit',
  example: {
    ticket_id: 'T-2001',
    next_service: 'yes',
    appointment: { scheduled_at: '2026-12-21T09:00', technician_ids: ['Theo'] },
  },
  summary: 'Say what follows a visit you close out: the next one, nothing, or a mail in some months.',
  keywords: ['next visit', 'reach out', 'follow-up'],
  input: z.strictObject({ ticket_id: ref('ticket'), ...nextInput }),
  async run(context, { ticket_id, ...next }) {
    requireWhole(next);
    const { ticket, session } = await sessionAt(context, ticket_id, 'next');
    if (next.appointment) await requireFree(context, ticket_id, session, next.appointment);
    const { next_service, ...details } = next;
    const saved = await saveSession(context, session.id, {
      next_service,
      next_details: details,
      next_service_at: context.now.toString(),
    });
    return answerCloseout(context, ticket.id, saved);
  },
});

/** The time must be free now. It may still be gone when the visit is closed; then that is refused as a whole. */
async function requireFree(
  context: Context,
  ticketId: string,
  session: Session,
  appointment: NonNullable<NextService['appointment']>,
): Promise<void> {
  const starts = readFutureTime(context, appointment.scheduled_at);
  const minutes = appointment.duration_minutes ?? Math.max(5, session.duration_minutes ?? 60);
  const technicians = appointment.technician_ids ?? (await listCrew(context, ticketId));
  const period = { from: starts.toString(), to: starts.add({ minutes }).toString() };
  // This visit is over by then, however long it was planned to take.
  await reserveTechnicians(context, technicians, period, ticketId);
}
