import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime, moment, readMoment } from '../kernel/words/time.ts';
import { tellOfGap } from '../waitlist/opened.ts';
import { reserveTechnicians } from './assignment.ts';
import { type NewPeriod, readNewPeriod, type Told, tellOfNewTime, writeNewPeriod } from './new-time.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import { insertTechnician, listTechnicians } from './queries.ts';
import { takeOff } from './technicians.ts';
import { lockOpenTicket, type Ticket } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';

const crew = z.array(ref('member')).max(20);

const input = z.strictObject({
  ticket_id: ref('ticket'),
  scheduled_at: moment.optional(),
  duration_minutes: z.int().min(5).max(1440).optional(),
  technician_ids: crew
    .optional()
    .meta({ description: 'who goes then, instead of whoever goes now; nobody: []' }),
  seen: z
    .strictObject({ scheduled_at: moment, crew: z.array(z.uuid()).max(20) })
    .optional()
    .meta({ description: 'as it stood on the page: refused when it is not so any more' }),
  notify_customer: z.boolean().optional(),
});

/**
 * Moves a visit on the calendar (SCH-02, WEB-05): its time and who goes, both or neither, so that one undo takes it back. Of
 * two people who move it at once the second is refused and told where it is now. Agents have `ticket.reschedule` and
 * `ticket.assign_technician`, whose levels are the owner's to set. Throws CONFLICT, VALIDATION_ERROR, INVALID_STATE, TICKET_CLOSED.
 */
export const moveVisit = defineAction({
  domain: 'ticket',
  name: 'move_visit',
  summary: 'Move a visit on the calendar: its time and who goes, both or neither.',
  input,
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'ticket_id',
  human_only: true,
  example: { ticket_id: 'T-2001', scheduled_at: '2026-12-02T10:00', technician_ids: ['Theo'] },
  keywords: ['drag', 'calendar', 'other technician'],
  touches: ['email'],
  async run(context, { ticket_id, notify_customer, technician_ids, seen, ...when }) {
    const ticket = await lockOpenTicket(context, ticket_id);
    const before = await listTechnicians(context, [ticket.id]);
    if (seen) requireAsSeen(context, ticket, before, seen);
    const going = [...new Set(technician_ids ?? before.map(({ id }) => id))];
    const period = readNewPeriod(context, ticket, when);
    await reserveTechnicians(context, going, period, ticket.id);
    await putAt(context, ticket, { period, before, going, told: { notify: notify_customer } });
    const customer_told = notify_customer ? await tellOfNewTime(context, ticket) : undefined;
    const technicianIds = before.map(({ id }) => id);
    await tellOfGap(context, [{ technicianIds, from: ticket.scheduled_at, to: ticket.ends_at }]);
    return { ...(await answerTicket(context, ticket.id)), customer_told };
  },
});

/** Puts a visit the caller holds at another time, with others; whoever calls has reserved them. */
export async function putAt(
  context: Context,
  ticket: Ticket,
  {
    period,
    before,
    going,
    told,
  }: { period: NewPeriod; before: readonly { id: string }[]; going: readonly string[]; told: Told },
): Promise<void> {
  // In this order nobody is on two visits in between, and backwards neither.
  for (const { id } of before) if (!going.includes(id)) await takeOff(context, ticket.id, id);
  await writeNewPeriod(context, ticket, period, told);
  for (const id of going) await insertTechnician(context, ticket.id, id);
  if (going.length === 0) await warnNobodyYet(context, ticket.id, period);
}

/** Throws CONFLICT, saying where the visit is now, when somebody moved it since a page was made. */
function requireAsSeen(
  context: Context,
  ticket: Ticket,
  before: readonly { id: string; name: string }[],
  seen: NonNullable<z.output<typeof input>['seen']>,
): void {
  const { time_zone } = context.organization;
  const then = readMoment(seen.scheduled_at, time_zone, 'seen.scheduled_at');
  const isThen = then.epochMilliseconds === Date.parse(ticket.scheduled_at);
  const isCrew = before.length === seen.crew.length && before.every(({ id }) => seen.crew.includes(id));
  if (isThen && isCrew) return;
  const when = localTime(ticket.scheduled_at, time_zone).slice(0, 20);
  const who = before.map(({ name }) => name).join(', ') || 'nobody';
  throw new DeskhandError(
    'CONFLICT',
    `${ticket.reference} was moved meanwhile: it is ${when} with ${who} now.`,
    {
      field: 'seen',
      hint: 'Look where it is now, and move it again if it still has to.',
    },
  );
}
