import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { moment } from '../kernel/words/time.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { reserveTechnicians } from './assignment.ts';
import { readNewPeriod, tellOfNewTime, writeNewPeriod } from './new-time.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import { listCrew } from './technicians.ts';
import { lockOpenTicket } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';

/** Moves a visit in place (CFL-36); the technicians come along if they are free, or the call is refused. */
export const rescheduleTicket = defineAction({
  domain: 'ticket',
  name: 'reschedule',
  summary: 'Move an open visit to another time or give it another duration.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    scheduled_at: moment.optional(),
    duration_minutes: z.int().min(5).max(1440).optional(),
    notify_customer: z.boolean().optional(),
  }),
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id'] },
  example: { ticket_id: 'T-2001', scheduled_at: '2026-12-02T10:00' },
  keywords: ['move', 'postpone', 'change time', 'new date'],
  touches: ['email'],
  async run(context, { ticket_id, notify_customer, ...input }) {
    requireChange(input, 'ticket_id', ['scheduled_at', 'duration_minutes']);
    const ticket = await lockOpenTicket(context, ticket_id);
    const period = readNewPeriod(context, ticket, input);
    const technicianIds = await listCrew(context, ticket.id);
    await reserveTechnicians(context, technicianIds, period, ticket.id);
    await writeNewPeriod(context, ticket, period, { notify: notify_customer });
    if (technicianIds.length === 0) await warnNobodyYet(context, ticket.id, period);
    const customer_told = notify_customer ? await tellOfNewTime(context, ticket) : undefined;
    await tellOfGap(context, [{ technicianIds, from: ticket.scheduled_at, to: ticket.ends_at }]);
    return { ...(await answerTicket(context, ticket.id)), customer_told };
  },
});
