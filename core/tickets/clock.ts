import { z } from 'zod';
import { type Context, roles } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { moment, readMoment } from '../kernel/words/time.ts';
import { findOpenEntry, isAssigned, listTechnicians } from './queries.ts';
import { timeEntryRow } from './record.ts';
import { requireOwnVisit } from './requirements.ts';
import { lockOpenTicket } from './ticket.ts';

/** Whose clock on which visit, and when; the only technician and now when left out. */
const clockInput = z.strictObject({
  ticket_id: ref('ticket'),
  technician_id: ref('member').optional(),
  at: moment.optional(),
});

type ClockInput = z.output<typeof clockInput>;

/** What both ends of a clock say of themselves alike. */
export const onClock = {
  domain: 'ticket',
  input: clockInput,
  output: timeEntryRow,
  permission: { level: 'unrestricted' },
  effect: 'update',
  object: '',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  roles,
} as const;

/** The open visit, locked, whose clock is meant, and the clock of that technician that runs, wherever it does. */
export async function atClock(context: Context, given: ClockInput) {
  await requireOwnVisit(context, given.ticket_id);
  const ticket = await lockOpenTicket(context, given.ticket_id);
  const technician = await chooseTechnician(context, given);
  return { ticket, technician, open: await findOpenEntry(context, technician) };
}

/** The technician meant: the named one, oneself, or the only one on the visit. */
async function chooseTechnician(context: Context, { ticket_id, technician_id }: ClockInput): Promise<string> {
  const { role, id } = context.actor;
  if (role === 'technician' && id !== null) {
    if (technician_id === undefined || technician_id === id) return id;
    throw new DeskhandError('FORBIDDEN', 'A technician clocks in and out for themselves only.', {
      field: 'technician_id',
    });
  }
  if (technician_id !== undefined) {
    if (await isAssigned(context, ticket_id, technician_id)) return technician_id;
    throw new DeskhandError('INVALID_STATE', 'This technician is not on the visit.', {
      field: 'technician_id',
      hint: 'Assign them first with ticket.assign_technician.',
    });
  }
  const assigned = await listTechnicians(context, [ticket_id]);
  const [only] = assigned;
  if (only && assigned.length === 1) return only.id;
  throw invalid('technician_id', 'Say whose clock is meant.', {
    valid_options: assigned.map(technician => technician.name),
  });
}

export const readAt = (context: Context, { at }: ClockInput): string => {
  if (at === undefined) return context.now.toString();
  const instant = readMoment(at, context.organization.time_zone, 'at');
  if (instant.epochMilliseconds > context.now.epochMilliseconds + 60_000) {
    throw invalid('at', 'The clock cannot be set in the future.', { got: at });
  }
  return instant.toString();
};
